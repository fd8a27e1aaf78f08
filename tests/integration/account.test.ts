import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { verifyChain } from '#server/usecases/log/verify-chain.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openPeopleWorld, PASSWORD, type PeopleWorld } from '#support/people-world.ts';
import { totp } from '#support/totp.ts';

let world: PeopleWorld;
let owner: ClientActor;
let email: string;
beforeAll(async () => {
	world = await openPeopleWorld();
	owner = world.contact();
	email = await world.emailOf('contact', owner.contactId);
	await world.givePassword('contact', owner.contactId);
});

const NEW_PASSWORD = 'another long password';
const code = (work: Promise<unknown>) =>
	work.then(
		() => 'done',
		(error: { code?: string }) => error.code ?? String(error)
	);
let current = PASSWORD;
const cookieHeader = (cookies: readonly string[]) => cookies.map((line) => line.split(';')[0]).join('; ');
async function signIn(password = current, agent = 'Mozilla/5.0 (Windows NT 10.0; rv:131.0) Firefox/131.0') {
	const answer = await world.signIn.signInContact(email, password, '192.0.2.1', agent);
	if (!answer.ok)
		return { reason: answer.reason, cookie: 'cookies' in answer ? cookieHeader(answer.cookies) : '' };
	const cookie = cookieHeader(answer.cookies);
	const session = await world.signIn.contactSession(cookie);
	return { reason: null, cookie, sessionId: session!.sessionId };
}
const callerOf = (cookie: string) => ({
	origin: 'http://portal.localhost:3000',
	address: '192.0.2.1',
	userAgent: null,
	cookie
});
const tokenTo = async (address: string) => (await world.linkTo(address))?.split('/').at(-1) ?? '';

describe('coming and going', () => {
	const rows = async () => {
		const [row] = await world.database.sql`SELECT count(*)::int AS n FROM action`;
		return row!['n'] as number;
	};
	const came = { address: '192.0.2.1' };

	it('of a contact stands under their account, and on their own list', async () => {
		const { cookie } = await signIn();
		expect(await world.lastAction()).toMatchObject({
			action: 'session.signed_in',
			outcome: 'done',
			client_id: owner.clientId,
			contact_id: owner.contactId,
			actor_staff_id: null
		});
		await world.signIn.signOutContact(cookie, came);
		expect(await world.lastAction()).toMatchObject({ action: 'session.signed_out', outcome: 'done' });
		const [out, into] = await world.account.listSignIns(owner);
		expect(out).toMatchObject({ isIn: false, address: '192.0.2.1' });
		expect(into).toMatchObject({ isIn: true, device: 'Firefox on Windows', secondFactor: false });
		expect(await world.account.listSignIns(world.contact(undefined, 'contact'))).toEqual([]);
	});

	it('of staff stands in the agency’s log alone', async () => {
		const staffId = world.both.north.staff.admin;
		await world.givePassword('staff', staffId);
		const address = await world.emailOf('staff', staffId);
		const answer = await world.signIn.signInStaff(address, PASSWORD, '192.0.2.1');
		expect(await world.lastAction()).toMatchObject({
			action: 'staff.signed_in',
			actor_staff_id: staffId,
			client_id: null
		});
		await world.signIn.signOutStaff(answer.ok ? cookieHeader(answer.cookies) : '', came);
		expect(await world.lastAction()).toMatchObject({
			action: 'staff.signed_out',
			actor_staff_id: staffId
		});
		const actor = await world.staff('admin');
		expect((await world.account.listSignIns(actor)).map(({ isIn }) => isIn)).toEqual([false, true]);
	});

	it('leaves no row of what failed, of a cookie that names nobody, and of a client who is not let in', async () => {
		const before = await rows();
		await signIn('wrong password');
		await world.signIn.signInContact('nobody@nowhere.test', 'wrong', '192.0.2.1');
		await world.signIn.signOutContact('__Host-portal-session=made.up', came);
		await world.database.owner`UPDATE client SET status = 'inactive' WHERE id = ${owner.clientId}`;
		await signIn();
		await world.database.owner`UPDATE client SET status = 'active' WHERE id = ${owner.clientId}`;
		expect(await rows()).toBe(before);
	});

	it('keeps the chain whole, and is shown to who impersonates as to the client', async () => {
		await signIn();
		const chain = await verifyChain({
			db: world.db,
			agencyId: world.both.north.agencyId,
			trusted: null
		});
		expect(chain.whole).toBe(true);
		const { actor, end } = await world.inside('view');
		expect(await world.account.listSignIns(actor)).toEqual(await world.account.listSignIns(owner));
		await end();
	});
});

describe('profile', () => {
	it('is changed by its person, and while impersonating under both names', async () => {
		await world.account.editProfile(owner, { name: 'Bea', jobTitle: 'Baker', phone: '123' }, NO_ORIGIN);
		expect(await world.account.readProfile(owner)).toMatchObject({
			name: 'Bea',
			jobTitle: 'Baker',
			phone: '123'
		});
		const { actor, end } = await world.inside('act');
		await world.account.editProfile(actor, { name: 'Bea Morgan', jobTitle: '', phone: '' }, NO_ORIGIN);
		expect(await world.lastAction()).toMatchObject({
			action: 'profile.edited',
			contact_id: owner.contactId,
			actor_staff_id: world.both.north.staff.manager
		});
		await end();
		await world.setUp({ 'account.profile': { hidden: true } });
		expect(
			await code(world.account.editProfile(owner, { name: 'No', jobTitle: '', phone: '' }, NO_ORIGIN))
		).toBe('not_allowed');
		await world.setUp({});
	});

	it('of a staff member is theirs alone', async () => {
		const staff = await world.staff('assignee');
		await world.account.editProfile(staff, { name: 'Sam', jobTitle: '', phone: '' }, NO_ORIGIN);
		expect((await world.account.readProfile(staff)).name).toBe('Sam');
		expect(await world.lastAction()).toMatchObject({ action: 'staff.profile_edited' });
		await world.database.owner`DELETE FROM staff_session WHERE id = ${staff.sessionId}`;
		expect(
			await code(world.account.editProfile(staff, { name: 'No', jobTitle: '', phone: '' }, NO_ORIGIN))
		).toBe('not_signed_in');
	});
});

describe('password and sessions', () => {
	it('wants the old password, ends every other session, and keeps this one', async () => {
		const [here, there] = [await signIn(), await signIn()];
		const by = { sessionId: here.sessionId!, origin: NO_ORIGIN };
		const change = (password: string) =>
			world.account.changePassword(owner, { password, newPassword: NEW_PASSWORD }, by);
		expect(await code(change('wrong'))).toBe('invalid');
		await change(PASSWORD);
		expect(await world.lastAction()).toMatchObject({ action: 'credentials.changed', outcome: 'done' });
		expect(await world.signIn.contactSession(here.cookie)).not.toBeNull();
		expect(await world.signIn.contactSession(there.cookie)).toBeNull();
		expect((await signIn(PASSWORD)).reason).toBe('wrong');
		current = NEW_PASSWORD;
		expect((await signIn()).reason).toBeNull();
	});

	it('lists devices with the asking one first, and signs out one or all others', async () => {
		await world.account.endSession(owner, 'others', { sessionId: null, origin: NO_ORIGIN });
		const here = await signIn();
		const phone = await signIn(current, 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1');
		await signIn();
		const by = { sessionId: here.sessionId!, origin: NO_ORIGIN };
		const listed = await world.account.listSessions(owner, here.sessionId!);
		expect(listed).toHaveLength(3);
		expect(listed[0]).toMatchObject({ current: true, device: 'Firefox on Windows', address: '192.0.2.1' });
		expect(listed.map((row) => row.device)).toContain('Safari on iPhone');
		await world.account.endSession(owner, phone.sessionId!, by);
		expect(await world.signIn.contactSession(phone.cookie)).toBeNull();
		expect(await code(world.account.endSession(owner, phone.sessionId!, by))).toBe('not_found');
		await world.account.endSession(owner, 'others', by);
		expect(await world.account.listSessions(owner, here.sessionId!)).toHaveLength(1);
		expect(await code(world.account.endSession(world.other(), here.sessionId!, by))).toBe('not_found');
	});

	it('end at sign-out, also where the library counts too many of them', async () => {
		const came = { address: '192.0.2.1' };
		const bucket = 'UPDATE contact_rate_limit SET count = 100000 WHERE key LIKE $1 RETURNING key';
		const plain = await signIn();
		expect((await world.signIn.signOutContact(plain.cookie, came)).join()).toContain('Max-Age=0');
		expect(await world.signIn.contactSession(plain.cookie)).toBeNull();
		// By the caller's own address: what strangers do elsewhere is not counted here.
		expect(await world.database.owner.unsafe(bucket, ['192.0.2.1%sign-out%'])).toHaveLength(1);
		const [blocked, other] = [await signIn(), await signIn()];
		const dropped = await world.signIn.signOutContact(blocked.cookie, came);
		expect(dropped).toEqual([expect.stringMatching(/^__Host-portal-session=; Max-Age=0; Path=\/; .*Secure/)]);
		expect(await world.signIn.contactSession(blocked.cookie)).toBeNull();
		expect(await world.signIn.contactSession(other.cookie)).not.toBeNull();
		await world.database.owner`DELETE FROM contact_rate_limit`;
	});

	it('stops guessing at one account from ever new addresses, and lets the person in after that', async () => {
		const guess = (n: number) => world.signIn.signInContact(email, 'wrong', `198.51.100.${n}`);
		const answers: string[] = [];
		for (let n = 0; n < 22; n += 1) {
			const answer = await guess(n);
			answers.push(answer.ok ? 'in' : answer.reason);
		}
		expect(answers.slice(0, 20)).toEqual(Array(20).fill('wrong'));
		expect(answers.slice(20)).toEqual(['too_many', 'too_many']);
		const nobody = await world.signIn.signInContact('nobody@nowhere.test', 'wrong', '198.51.100.200');
		expect(nobody).toEqual({ ok: false, reason: 'wrong' });
		await world.database
			.owner`UPDATE contact_rate_limit SET last_request = last_request - 901000 WHERE key LIKE 'account:%'`;
		expect((await signIn()).reason).toBeNull();
	});
});

describe('two-factor', () => {
	let secret: string;
	let codes: string[];

	it('is on only after a code was typed, which shows backup codes once', async () => {
		const { cookie } = await signIn();
		const by = { caller: callerOf(cookie), origin: NO_ORIGIN };
		expect(await code(world.account.startTwoFactor(owner, 'wrong', by))).toBe('invalid');
		({ secret } = await world.account.startTwoFactor(owner, current, by));
		expect((await world.account.readProfile(owner)).twoFactor).toBe(false);
		expect((await signIn()).reason).toBeNull();
		const before = await world.lastAction();
		expect(await code(world.account.finishTwoFactor(owner, '000000', by))).toBe('invalid');
		expect(await world.lastAction()).toEqual(before);
		const made = await world.account.finishTwoFactor(owner, totp(secret), by);
		codes = made.backupCodes;
		expect(codes).toHaveLength(10);
		expect(await world.lastAction()).toMatchObject({ action: 'two_factor.enabled', outcome: 'done' });
		expect((await world.account.readProfile(owner)).twoFactor).toBe(true);
		const inside = { ...by, caller: callerOf(cookieHeader(made.cookies)) };
		expect(await world.signIn.contactSession(inside.caller.cookie)).not.toBeNull();
		expect(await code(world.account.finishTwoFactor(owner, totp(secret), inside))).toBe('conflict');
		const kept = await world.database.sql`SELECT secret || backup_codes AS text FROM contact_two_factor`;
		expect(kept[0]!['text']).not.toContain(codes[0]);
	});

	it('is asked for at sign-in: the password alone signs nobody in and is no sign-in', async () => {
		const seen = await world.database.sql`SELECT last_sign_in_at FROM contact WHERE id = ${owner.contactId}`;
		const first = await signIn();
		expect(first.reason).toBe('second_factor');
		expect(await world.signIn.contactSession(first.cookie)).toBeNull();
		expect(
			await world.database.sql`SELECT last_sign_in_at FROM contact WHERE id = ${owner.contactId}`
		).toEqual(seen);
		const came = { address: '192.0.2.1' };
		expect(await world.signIn.signInContactWithCode('123456', '', came)).toMatchObject({ reason: 'wrong' });
		expect(await world.signIn.signInContactWithCode('12 34 56', first.cookie, came)).toMatchObject({
			ok: false
		});
		const done = await world.signIn.signInContactWithCode(totp(secret), first.cookie, came);
		expect(done.ok && (await world.signIn.contactSession(cookieHeader(done.cookies)))).toBeTruthy();
		expect((await world.account.listSignIns(owner))[0]).toMatchObject({
			isIn: true,
			secondFactor: true,
			address: '192.0.2.1'
		});
	});

	it('takes each backup code once, and another side’s challenge never', async () => {
		const came = { address: '192.0.2.9' };
		const first = await signIn();
		expect((await world.signIn.signInContactWithCode(codes[0]!, first.cookie, came)).ok).toBe(true);
		const second = await signIn();
		expect((await world.signIn.signInContactWithCode(codes[0]!, second.cookie, came)).ok).toBe(false);
		const bent = second.cookie.replace('portal', 'agency');
		expect((await world.signIn.signInStaffWithCode(totp(secret), bent, came)).ok).toBe(false);
	});

	it('goes off with the password alone, logged', async () => {
		await world.database.owner`DELETE FROM contact_rate_limit`;
		const first = await signIn();
		const done = await world.signIn.signInContactWithCode(totp(secret), first.cookie, {
			address: '192.0.2.77'
		});
		const cookie = done.ok ? cookieHeader(done.cookies) : '';
		const by = { caller: callerOf(cookie), origin: NO_ORIGIN };
		expect(await code(world.account.stopTwoFactor(owner, 'wrong', by))).toBe('invalid');
		await world.account.stopTwoFactor(owner, current, by);
		expect(await world.lastAction()).toMatchObject({ action: 'two_factor.disabled', outcome: 'done' });
		expect((await signIn()).reason).toBeNull();
	});
});

describe('a new address', () => {
	it('counts once both mailboxes have said yes', async () => {
		const change = { email: 'new@bluebird.test', password: current };
		expect(
			await code(world.account.requestEmailChange(owner, { ...change, password: 'no' }, NO_ORIGIN))
		).toBe('invalid');
		await world.account.requestEmailChange(owner, change, NO_ORIGIN);
		expect((await world.account.readProfile(owner)).pendingEmail).toBe('new@bluebird.test');
		const [old, fresh] = [await tokenTo(email), await tokenTo('new@bluebird.test')];
		expect(await world.account.readEmailChange('agency', old)).toBeNull();
		expect(await world.account.confirmEmailChange('portal', fresh, NO_ORIGIN)).toBe('waits');
		expect(await world.account.confirmEmailChange('portal', fresh, NO_ORIGIN)).toBe('waits');
		expect(await world.emailOf('contact', owner.contactId)).toBe(email);
		expect(await world.account.confirmEmailChange('portal', old, NO_ORIGIN)).toBe('changed');
		expect(await world.emailOf('contact', owner.contactId)).toBe('new@bluebird.test');
		expect(await code(world.account.confirmEmailChange('portal', old, NO_ORIGIN))).toBe('not_found');
		email = 'new@bluebird.test';
	});

	it('is not confirmed by a link made up around the address itself', async () => {
		// Attack: the address asked for holds the hash of a token of one's own, to stand in for the mailbox nobody has.
		const forged = createHash('sha256').update('made up').digest('hex');
		const change = { email: `${forged}@x.test`, password: current };
		await world.account.requestEmailChange(owner, change, NO_ORIGIN);
		expect(await world.account.readEmailChange('portal', 'made up')).toBeNull();
		expect(await code(world.account.confirmEmailChange('portal', 'made up', NO_ORIGIN))).toBe('not_found');
	});

	it('that is somebody’s gets no mail, and the answer is the same', async () => {
		const taken = await world.emailOf('contact', world.other().contactId);
		await world.account.requestEmailChange(owner, { email: taken, password: current }, NO_ORIGIN);
		expect(await world.linkTo(taken)).toBeNull();
	});
});

describe('the team', () => {
	const person = { name: 'Tia', email: 'tia@bluebird.test', jobTitle: '', rights: ['tasks'] };

	it('is the owner’s to invite, give rights and remove', async () => {
		await world.account.inviteToTeam(owner, person, NO_ORIGIN);
		const find = async () =>
			(await world.account.listTeam(owner)).rows.find((one) => one.email === person.email)!;
		const tia = await find();
		expect(tia).toMatchObject({ pending: true, rights: ['tasks'], isOwner: false });
		await world.account.changeTeamRights(owner, { contactId: tia.id, rights: ['billing'] }, NO_ORIGIN);
		expect((await find()).rights).toEqual(['billing']);
		const old = await tokenTo(person.email);
		await world.account.reinviteToTeam(owner, tia.id, NO_ORIGIN);
		expect(await world.account.readInvitation('portal', old)).toBeNull();
		const token = await tokenTo(person.email);
		await world.account.removeFromTeam(owner, tia.id, NO_ORIGIN);
		expect(await find()).toBeUndefined();
		expect(await world.account.readInvitation('portal', token)).toBeNull();
	});

	it('is nobody else’s, and no other client’s', async () => {
		const colleague = world.contact(world.both.north.clients.assigned, 'contact');
		expect(await code(world.account.listTeam(colleague))).toBe('not_found');
		expect(
			await code(world.account.inviteToTeam(colleague, { ...person, email: 'x@y.test' }, NO_ORIGIN))
		).toBe('not_allowed');
		const strange = { contactId: world.both.north.clients.unassigned.contact, rights: ['billing'] };
		expect(await code(world.account.changeTeamRights(owner, strange, NO_ORIGIN))).toBe('not_found');
		expect(await code(world.account.removeFromTeam(owner, strange.contactId, NO_ORIGIN))).toBe('not_found');
		expect(await code(world.account.removeFromTeam(owner, owner.contactId, NO_ORIGIN))).toBe('conflict');
		expect(await code(world.account.inviteToTeam(owner, { ...person, email }, NO_ORIGIN))).toBe('conflict');
	});
});
