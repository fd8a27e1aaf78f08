// Switching modes, and the places an impersonation leads to, by those who bend them.
import { sql } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { readRestart } from '#server/usecases/agency/read-restart.ts';
import { readImpersonation } from '#server/usecases/impersonation/read-impersonation.ts';
import { startInput } from '#server/usecases/impersonation/start-impersonation.ts';
import {
	allowAct,
	forceView,
	freezeImpersonation,
	releaseImpersonation
} from '#server/usecases/impersonation/freeze-impersonation.ts';
import { writeView } from '#server/usecases/impersonation/open-page.ts';
import { switchMode } from '#server/usecases/impersonation/switch-mode.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	recordPage,
	signInStaff,
	startForm,
	testIds,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let inside: Impersonated;

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
});
beforeEach(async () => {
	const { agencyId, staff, clients } = both.north;
	const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
	inside = await impersonate(db, { agencyId, staffId: staff.manager, ...whom, mode: 'view' }, kit);
});
afterEach(async () => {
	await kit.end(null, { impersonationId: inside.impersonationId, reason: 'limit' });
	// What a supervisor set would go along to the next test.
	await db.execute(sql`UPDATE impersonation SET view_only_at = NULL, view_only_by = NULL, frozen_at = NULL`);
});

const asked = { origin: NO_ORIGIN, isStale: false };
const modeNow = async () => {
	const [row] = await db.execute<{ mode: string }>(
		sql`SELECT mode FROM impersonation WHERE id = ${inside.impersonationId}`
	);
	return row?.mode;
};

describe('switching modes', () => {
	it('from two tabs at once never makes one wait for the other for ever, ten times over', async () => {
		const change = switchMode(kit);
		for (let n = 0; n < 10; n += 1) {
			const modes = ['act', 'view', 'act', 'view'] as const;
			const answers = await Promise.allSettled(modes.map((mode) => change(inside.actor, mode, asked)));
			expect(answers.map((answer) => answer.status)).toEqual(modes.map(() => 'fulfilled'));
		}
	});

	it('in a tab of another impersonation changes nothing, and is logged', async () => {
		const attempt = switchMode(kit)(inside.actor, 'act', { ...asked, isStale: true });
		await expect(attempt).rejects.toMatchObject({ code: 'no_recorder' });
		expect(await modeNow()).toBe('view');
		const [row] = await db.execute(sql`SELECT action, refusal FROM action ORDER BY seq DESC LIMIT 1`);
		expect(row).toEqual({ action: 'impersonation.mode_changed', refusal: 'no_recorder' });
	});
});

/** The last three rows under it. */
const logged = async () =>
	db.execute(sql`SELECT action, outcome FROM action WHERE impersonation_id = ${inside.impersonationId}
		ORDER BY seq DESC LIMIT 3`);

describe('View only, set by a supervisor', () => {
	const order = () => ({ impersonationId: inside.impersonationId, origin: NO_ORIGIN });

	it('cannot be left by the one inside, whatever they post, until Act is allowed again', async () => {
		const sofia = await signInStaff(db, both.north.agencyId, both.north.staff.supervisor);
		await switchMode(kit)(inside.actor, 'act', asked);
		await forceView({ ...kit, db })(sofia, order());
		expect(await modeNow()).toBe('view');
		const attempts = await Promise.allSettled(
			[1, 2, 3].map(() => switchMode(kit)(inside.actor, 'act', asked))
		);
		for (const attempt of attempts)
			expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'not_allowed' } });
		expect(await modeNow()).toBe('view');
		const refused = { action: 'impersonation.mode_changed', outcome: 'refused' };
		expect(await logged()).toEqual([refused, refused, refused]);
		// To look was never in question.
		await switchMode(kit)(inside.actor, 'view', asked);
		await allowAct({ ...kit, db })(sofia, order());
		expect(await modeNow()).toBe('view');
		await switchMode(kit)(inside.actor, 'act', asked);
		expect(await modeNow()).toBe('act');
	});

	it('holds at the gate even where the row says Act', async () => {
		const sofia = await signInStaff(db, both.north.agencyId, both.north.staff.supervisor);
		await forceView({ ...kit, db })(sofia, order());
		await db.execute(sql`UPDATE impersonation SET mode = 'act' WHERE id = ${inside.impersonationId}`);
		const change = kit.act(inside.actor, { action: 'task.created' }, () => Promise.resolve({ value: null }));
		await expect(change).rejects.toMatchObject({ code: 'view_only' });
	});

	it('is set and lifted by nobody without the right, of another agency, or in their own impersonation', async () => {
		const helper = await signInStaff(db, both.north.agencyId, both.north.staff.assignee);
		const stranger = await signInStaff(db, both.south.agencyId, both.south.staff.supervisor);
		await db.execute(sql`UPDATE staff SET granted = '{supervise}' WHERE id = ${inside.staff.staffId}`);
		for (const change of [forceView({ ...kit, db }), allowAct({ ...kit, db })]) {
			await expect(change(helper, order())).rejects.toMatchObject({ code: 'not_allowed' });
			await expect(change(stranger, order())).rejects.toMatchObject({ code: 'not_found' });
			await expect(change(inside.staff, order())).rejects.toMatchObject({ code: 'not_allowed' });
		}
		await db.execute(sql`UPDATE staff SET granted = '{}' WHERE id = ${inside.staff.staffId}`);
	});
});

describe('what a supervisor set, and a new start', () => {
	let sofia: StaffActor;
	const order = () => ({ impersonationId: inside.impersonationId, origin: NO_ORIGIN });
	/** Starts in Act and enters, having left as `end` does; a session that still runs is ended by the start. */
	async function again(end: (() => Promise<unknown>) | null, whom = both.north.clients.assigned) {
		await end?.();
		const form = startForm({ clientId: whom.clientId, contactId: whom.owner }, { mode: 'act' });
		const { code, impersonationId } = await kit.start(inside.staff, form, {
			endCurrent: end === null,
			origin: NO_ORIGIN
		});
		await kit.enter(code, NO_ORIGIN);
		const anew = { ...inside.actor, impersonationId, clientId: whom.clientId, contactId: whom.owner };
		const { pageId, ticket } = await kit.openPage({ ...anew, pageId: null }, '/');
		await recordPage(db, pageId);
		inside = { ...inside, impersonationId, actor: { ...anew, pageId }, pageId, ticket };
	}
	const switchBack = () =>
		kit.end(inside.staff, { impersonationId: inside.impersonationId, reason: 'switch_back' });
	const change = () => {
		const { actor } = inside;
		return kit.act(actor, { action: 'task.created' }, () => Promise.resolve({ value: null }));
	};
	const started = async () => {
		const [row] = await db.execute<{
			details: string;
		}>(sql`SELECT d.details FROM action x JOIN action_details d ON d.seq = x.seq
			WHERE x.action = 'impersonation.started' AND x.impersonation_id = ${inside.impersonationId}`);
		return JSON.parse(row!.details) as Record<string, unknown>;
	};
	beforeAll(async () => {
		sofia = await signInStaff(db, both.north.agencyId, both.north.staff.supervisor);
	});

	it('keeps View only through Switch Back, "End it and start here" and a detour, until Act is allowed', async () => {
		await forceView({ ...kit, db })(sofia, order());
		const { assigned, unassigned } = both.north.clients;
		await db.execute(sql`INSERT INTO client_assignment (client_id, staff_id)
			VALUES (${unassigned.clientId}, ${inside.staff.staffId})`);
		for (const [end, whom] of [
			[switchBack, assigned],
			[null, unassigned],
			[switchBack, assigned]
		] as const) {
			await again(end, whom);
			expect(await modeNow()).toBe('view');
			await expect(change()).rejects.toMatchObject({ code: 'view_only' });
			await expect(switchMode(kit)(inside.actor, 'act', asked)).rejects.toMatchObject({
				code: 'not_allowed'
			});
			expect(await started()).toMatchObject({ mode: 'view', viewOnlyBy: 'North supervisor' });
		}
		await allowAct({ ...kit, db })(sofia, order());
		await switchMode(kit)(inside.actor, 'act', asked);
		await again(switchBack);
		expect(await modeNow()).toBe('act');
		expect(await started()).not.toHaveProperty('viewOnlyBy');
		await expect(change()).resolves.toBeNull();
	});

	it('keeps a freeze with its sentence until it is released, but not one whose supervisor ended the session', async () => {
		await freezeImpersonation({ ...kit, db })(sofia, { ...order(), note: 'Wait for me.' });
		await again(switchBack);
		await expect(change()).rejects.toMatchObject({
			code: 'frozen',
			message: 'Frozen by North supervisor: Wait for me.'
		});
		expect(await started()).toMatchObject({ mode: 'act', frozenBy: 'North supervisor' });
		await releaseImpersonation({ ...kit, db })(sofia, order());
		await expect(change()).resolves.toBeNull();
		await freezeImpersonation({ ...kit, db })(sofia, { ...order(), note: 'Enough.' });
		await again(() => kit.end(sofia, { impersonationId: inside.impersonationId, reason: 'supervisor' }));
		await expect(change()).resolves.toBeNull();
	});

	it('keeps a freeze from whoever may supervise, too, and ends their own session as a supervisor', async () => {
		await db.execute(sql`UPDATE staff SET granted = '{supervise}' WHERE id = ${inside.staff.staffId}`);
		await freezeImpersonation({ ...kit, db })(sofia, { ...order(), note: 'Wait for me.' });
		const { impersonationId, actor } = inside;
		for (const own of [inside.staff, actor])
			await expect(kit.end(own, { impersonationId, reason: 'supervisor' })).rejects.toMatchObject({
				code: 'not_allowed'
			});
		const [last] = await logged();
		expect(last).toEqual({ action: 'impersonation.ended', outcome: 'refused' });
		// Even by a row that nobody could write.
		await again(async () => {
			await switchBack();
			await db.execute(sql`UPDATE impersonation SET end_reason = 'supervisor' WHERE id = ${impersonationId}`);
		});
		await expect(change()).rejects.toMatchObject({ code: 'frozen' });
		await db.execute(sql`UPDATE staff SET granted = '{}' WHERE id = ${inside.staff.staffId}`);
	});

	it('is theirs alone, and over after a day', async () => {
		await forceView({ ...kit, db })(sofia, order());
		await switchBack();
		const { agencyId, staff, clients } = both.north;
		const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
		const other = await impersonate(db, { agencyId, staffId: staff.admin, ...whom }, kit);
		const free = kit.act(other.actor, { action: 'task.created' }, () => Promise.resolve({ value: null }));
		await expect(free).resolves.toBeNull();
		await kit.end(null, { impersonationId: other.impersonationId, reason: 'limit' });
		await db.execute(
			sql`UPDATE impersonation SET ended_at = ended_at - interval '25 hours' WHERE staff_id = ${inside.staff.staffId}`
		);
		await again(() => Promise.resolve());
		expect(await modeNow()).toBe('act');
	});
});

describe('the mode that is shown', () => {
	const shown = async () => {
		const found = await readImpersonation({ db })(inside.token);
		return { mode: found?.mode, mayAct: found?.mayAct };
	};

	it('is View as soon as the policy or the person may not act any more, and what it was when they may again', async () => {
		await switchMode(kit)(inside.actor, 'act', asked);
		expect(await shown()).toEqual({ mode: 'act', mayAct: true });
		const { agencyId, staff } = both.north;
		await db.execute(
			sql`UPDATE agency SET policy = policy || '{"allowAct": false}'::jsonb WHERE id = ${agencyId}`
		);
		expect(await shown()).toEqual({ mode: 'view', mayAct: false });
		await db.execute(sql`UPDATE agency SET policy = policy - 'allowAct' WHERE id = ${agencyId}`);
		await db.execute(sql`UPDATE staff SET withdrawn = '{impersonate.act}' WHERE id = ${staff.manager}`);
		expect(await shown()).toEqual({ mode: 'view', mayAct: false });
		await db.execute(sql`UPDATE staff SET withdrawn = '{}' WHERE id = ${staff.manager}`);
		expect(await shown()).toEqual({ mode: 'act', mayAct: true });
	});
});

describe('where an impersonation leads', () => {
	const elsewhere = ['/\t/evil.test', '/\n/evil.test', '//evil.test', '/\\evil.test', '/x/..//evil.test'];

	it.each(elsewhere)('is never another host: %j', async (address) => {
		const { clientId } = both.north.clients.assigned;
		const whom = { clientId, contactId: both.north.clients.assigned.owner };
		const form = startInput.safeParse({ ...startForm(whom), enterAt: address });
		expect(form.error?.issues[0]?.path).toEqual(['enterAt']);
		await db.execute(sql`UPDATE page SET address = ${address} WHERE id = ${inside.pageId}`);
		const restart = await readRestart({ db })(inside.staff, clientId, inside.impersonationId);
		expect(restart?.enterAt).toBe('/');
	});

	it('is a path that a header can hold', () => {
		const { clientId, owner } = both.north.clients.assigned;
		const returnTo = '/clients/é\r\nset-cookie: a=b';
		expect(startForm({ clientId, contactId: owner }, { returnTo }).returnTo).toBe(
			'/clients/%C3%A9set-cookie:%20a=b'
		);
	});
});

it('keeps of a link that is opened inside nothing that lets somebody in, with the page as with the view', async () => {
	const address = '/files?folder=menu&token=s3cret-link&code=91823';
	const { actor, impersonationId } = inside;
	const { pageId } = await kit.openPage({ ...actor, pageId: null }, address);
	const look = writeView({ db, ids: testIds, publish: () => Promise.resolve() });
	await look({ ...actor, pageId }, { kind: 'page', address, subject: null, status: 200 });
	const rows = await db.execute(sql`SELECT address FROM page WHERE id = ${pageId}
		UNION ALL SELECT address FROM view WHERE impersonation_id = ${impersonationId}`);
	const stored = '/files?folder=menu&token=••••••••&code=••••••••';
	expect([...rows]).toEqual([{ address: stored }, { address: stored }]);
});
