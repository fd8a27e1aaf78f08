// Every action of the catalogue, tried by everybody from every side, straight at the gate: what the pages show is not asked.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, type ActionEntry, type ActionName } from '#domain/actions.ts';
import type { Actor, ClientActor, StaffActor } from '#domain/actor.ts';
import { isAppError } from '#domain/errors.ts';
import type { DraftId, StaffId } from '#domain/ids.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';
import {
	impersonate,
	impersonationKit,
	recordPage,
	signInStaff,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let owner: ClientActor;
const staff = {} as Record<'superAdmin' | 'assignee', StaffActor>;

const names = Object.keys(ACTIONS) as ActionName[];
const entryOf = (name: ActionName): ActionEntry => ACTIONS[name];
const done = () => Promise.resolve({ value: 'done' });

/** 'done', or the code of the refusal. */
async function tryAs(actor: Actor, action: ActionName): Promise<string> {
	const { clientId } = both.north.clients.assigned;
	try {
		return await kit.act(actor, { action, clientId }, done);
	} catch (error) {
		if (isAppError(error)) return error.code;
		throw error;
	}
}

async function answers(actor: Actor, chosen: ActionName[]): Promise<Record<string, string[]>> {
	const byAnswer: Record<string, string[]> = {};
	for (const name of chosen) (byAnswer[await tryAs(actor, name)] ??= []).push(name);
	return byAnswer;
}

async function inside(mode: 'view' | 'act'): Promise<Impersonated> {
	const { agencyId, staff: people, clients } = both.north;
	const { clientId, owner: contactId } = clients.assigned;
	await db.execute(sql`UPDATE impersonation SET state = 'ended' WHERE state <> 'ended'`);
	return impersonate(db, { agencyId, staffId: people.manager, clientId, contactId, mode }, kit);
}

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	const { agencyId, clients } = both.north;
	owner = {
		kind: 'client',
		agencyId,
		clientId: clients.assigned.clientId,
		contactId: clients.assigned.owner
	};
	for (const who of ['superAdmin', 'assignee'] as const)
		staff[who] = await signInStaff(db, agencyId, both.north.staff[who]);
});

describe('every action of the catalogue', () => {
	const inPortal = names.filter((name) => entryOf(name).element !== null);
	const agencyOnly = names.filter((name) => entryOf(name).element === null);

	it('is the owner’s to do where it is of the portal, and nothing else is', async () => {
		expect(await answers(owner, inPortal)).toEqual({ done: inPortal });
		expect(await answers(owner, agencyOnly)).toEqual({ not_allowed: agencyOnly });
	});

	it('is refused in view mode unless it only discloses, and what only the client may do says so', async () => {
		const { actor } = await inside('view');
		const forbidden = inPortal.filter((name) => entryOf(name).sensitivity === 'forbidden');
		const disclosures = inPortal.filter((name) => entryOf(name).kind === 'disclosure');
		const changes = inPortal.filter((name) => !forbidden.includes(name) && !disclosures.includes(name));
		expect(await answers(actor, inPortal)).toEqual({
			view_only: changes,
			done: disclosures,
			forbidden
		});
	});

	it('is done in act mode but for what only the client may do and what is the agency’s', async () => {
		const { actor, pageId } = await inside('act');
		await recordPage(db, pageId);
		const forbidden = inPortal.filter((name) => entryOf(name).sensitivity === 'forbidden');
		const allowed = inPortal.filter((name) => !forbidden.includes(name));
		expect(await answers(actor, inPortal)).toEqual({ done: allowed, forbidden });
		const settings = agencyOnly.filter((name) => entryOf(name).kind !== 'control');
		expect(await answers(actor, settings)).toEqual({ not_allowed: settings });
	});

	it('needs the staff permission it names', async () => {
		const held: readonly string[] = BUILT_IN_ROLES['assignee']!.permissions;
		const withPermission = names.filter((name) => entryOf(name).permission !== null);
		const without = names.filter(
			(name) => entryOf(name).permission === null && entryOf(name).kind !== 'control'
		);
		expect(await answers(staff.superAdmin, withPermission)).toEqual({ done: withPermission });
		expect(await answers(staff.superAdmin, without)).toEqual({ not_allowed: without });
		expect(await answers(staff.assignee, withPermission)).toEqual({
			done: withPermission.filter((name) => held.includes(entryOf(name).permission!)),
			not_allowed: withPermission.filter((name) => !held.includes(entryOf(name).permission!))
		});
	});

	it('is the program’s own only where the catalogue says so', async () => {
		const system: Actor = { kind: 'system', agencyId: both.north.agencyId };
		const own = names.filter((name) => entryOf(name).bySystem || entryOf(name).kind === 'control');
		expect(await answers(system, names)).toEqual({
			done: own,
			not_allowed: names.filter((name) => !own.includes(name))
		});
	});
});

describe('approving a draft', () => {
	const drafted = names.filter((name) => entryOf(name).mayDraft);

	it('is asked for where the agency wants it, and only for what can be drafted', async () => {
		await db.execute(sql`UPDATE agency SET policy = '{"draftSensitive": true}' WHERE id = ${owner.agencyId}`);
		const { actor, pageId } = await inside('act');
		await recordPage(db, pageId);
		expect(await answers(actor, drafted)).toEqual({ needs_approval: drafted });
		expect(await tryAs(actor, 'task.created')).toBe('done');
		await db.execute(sql`UPDATE agency SET policy = '{}' WHERE id = ${owner.agencyId}`);
	});

	it('settles it once, keeps who prepared it, and cannot be had by guessing', async () => {
		const { impersonationId } = await inside('act');
		const preparer = both.north.staff.manager;
		const draftId = randomUUID() as string as DraftId;
		await db.execute(sql`INSERT INTO draft (id, agency_id, client_id, contact_id, action, input, label, prepared_by,
				impersonation_id, expires_at)
			VALUES (${draftId}, ${owner.agencyId}, ${owner.clientId}, ${owner.contactId}, 'order.placed', '{}', 'An order',
				${preparer}, ${impersonationId}, now() + interval '1 day')`);
		const approves = (staffId: StaffId) => ({ ...owner, approves: { draftId, staffId, impersonationId } });
		const { clientId, owner: contactId } = both.north.clients.unassigned;
		const otherClient = { ...approves(preparer), clientId, contactId };
		expect(await tryAs(approves(both.north.staff.admin), 'order.placed')).toBe('conflict');
		expect(await tryAs(otherClient, 'order.placed')).toBe('conflict');
		const both_ = await Promise.all([1, 2].map(() => tryAs(approves(preparer), 'order.placed')));
		expect(both_.toSorted()).toEqual(['conflict', 'done']);
		const [row] = await db.execute<{ state: string; actor_kind: string; actor_staff_id: string }>(sql`
			SELECT d.state, a.actor_kind, a.actor_staff_id FROM draft d, action a WHERE d.id = ${draftId}
				AND a.action = 'order.placed' AND a.outcome = 'done' ORDER BY a.seq DESC LIMIT 1`);
		expect(row).toEqual({ state: 'approved', actor_kind: 'client', actor_staff_id: preparer });
	});
});
