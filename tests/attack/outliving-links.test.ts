// Links by mail that somebody kept, tried after what should have ended them; and mails that somebody else asks for.
import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor } from '#domain/actor.ts';
import { clientKit } from '#support/client-kit.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openPeopleWorld, PASSWORD, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
let owner: ClientActor;
let email: string;
let asked = 0;

const NEW_PASSWORD = 'a password chosen by a thief';
const code = (work: Promise<unknown>) =>
	work.then(
		() => 'done',
		(error: { code?: string }) => error.code ?? String(error)
	);
const tokenTo = async (address: string) => (await world.linkTo(address))?.split('/').at(-1) ?? '';
/** Each from a place of its own, as who wants to fill a mailbox would. */
const forget = (address: string, from = `198.51.100.${(asked += 1)}`) =>
	world.account.forgotPassword('portal', { email: address, from });
const resetLink = async (address = email) => {
	await forget(address);
	return tokenTo(address);
};
const reset = (token: string) =>
	code(world.account.resetPassword('portal', { token, password: NEW_PASSWORD }, NO_ORIGIN));
const accept = (token: string) =>
	code(world.account.acceptInvitation('portal', { token, password: NEW_PASSWORD }, NO_ORIGIN));
const invite = async (address: string) => {
	const person = { name: 'Ida', email: address, jobTitle: '', rights: ['tasks'] };
	await world.account.inviteToTeam(owner, person, NO_ORIGIN);
	return tokenTo(address);
};
const mailsTo = async (address: string) =>
	(await world.db.execute(sql`SELECT FROM mail WHERE recipient = ${address}`)).length;

beforeAll(async () => {
	world = await openPeopleWorld();
	owner = world.contact();
	email = await world.emailOf('contact', owner.contactId);
	await world.givePassword('contact', owner.contactId);
});
beforeEach(async () => {
	await world.database.owner`DELETE FROM contact_rate_limit`;
});

describe('a link to choose a password', () => {
	it('dies with the password that is changed', async () => {
		const token = await resetLink();
		const by = { sessionId: null, origin: NO_ORIGIN };
		await world.account.changePassword(owner, { password: PASSWORD, newPassword: PASSWORD }, by);
		expect(await reset(token)).toBe('not_found');
	});

	it('dies with the address it was mailed to', async () => {
		await world.account.requestEmailChange(owner, { email: 'moved@new.test', password: PASSWORD }, NO_ORIGIN);
		const confirmations = [await tokenTo(email), await tokenTo('moved@new.test')];
		const token = await resetLink();
		for (const each of confirmations) await world.account.confirmEmailChange('portal', each, NO_ORIGIN);
		expect(await world.emailOf('contact', owner.contactId)).toBe('moved@new.test');
		expect(await world.account.isResetOpen('portal', token)).toBe(false);
		expect(await reset(token)).toBe('not_found');
		email = 'moved@new.test';
	});

	it('dies where staff correct the address, and so does the old invitation, but not the new one', async () => {
		const invitation = await invite('typo@wrong.test');
		const token = await resetLink('typo@wrong.test');
		const [ida] = await world.db.execute<{ id: string }>(
			sql`SELECT id FROM contact WHERE email = 'typo@wrong.test'`
		);
		const fields = { name: 'Ida', email: 'ida@right.test', jobTitle: '', phone: '' };
		const of = { clientId: owner.clientId as string, contactId: ida!.id };
		await clientKit(world.db).editContact(await world.staff('admin'), { ...fields, ...of }, NO_ORIGIN);
		expect(await reset(token)).toBe('not_found');
		expect(await accept(invitation)).toBe('not_found');
		expect(await accept(await tokenTo('ida@right.test'))).toBe('done');
	});
});

describe('an invitation', () => {
	it('dies with the first password, however that was chosen', async () => {
		const invitation = await invite('ivo@new.test');
		expect(await reset(await resetLink('ivo@new.test'))).toBe('done');
		expect(await world.account.readInvitation('portal', invitation)).toBeNull();
		expect(await accept(invitation)).toBe('not_found');
	});

	it('takes no account over, were it open still', async () => {
		const invitation = await invite('uma@new.test');
		const [uma] = await world.db.execute<{ id: string }>(
			sql`SELECT id FROM contact WHERE email = 'uma@new.test'`
		);
		await world.givePassword('contact', uma!.id);
		expect(await accept(invitation)).toBe('not_found');
	});

	it('takes the link for a forgotten password with it', async () => {
		const invitation = await invite('eva@new.test');
		const token = await resetLink('eva@new.test');
		expect(await accept(invitation)).toBe('done');
		expect(await reset(token)).toBe('not_found');
	});
});

describe('a forgotten password', () => {
	it('is mailed three times an hour, and answered alike after that', async () => {
		const before = await mailsTo(email);
		for (let n = 0; n < 5; n += 1) expect(await code(forget(email))).toBe('done');
		expect(await mailsTo(email)).toBe(before + 3);
		await world.database.owner`UPDATE contact_rate_limit SET last_request = last_request - 3601000`;
		await forget(email);
		expect(await mailsTo(email)).toBe(before + 4);
	});

	it('is asked for thirty times an hour from one place, for whatever addresses', async () => {
		const ask = (n: number) => code(forget(`somebody${n}@nowhere.test`, '203.0.113.5'));
		const answers = await Promise.all(Array.from({ length: 32 }, (_, n) => ask(n)));
		expect(answers.filter((answer) => answer === 'too_many')).toHaveLength(2);
		expect(await code(forget(email, '203.0.113.6'))).toBe('done');
	});
});
