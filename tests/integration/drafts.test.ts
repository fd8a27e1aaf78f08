import { sql } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClientActor, Origin, PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import type { Db } from '#server/db/types.ts';
import { prepareDraft } from '#server/usecases/drafts/prepare-draft.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	testIds,
	type Impersonated,
	type ImpersonationKit
} from '#support/impersonate.ts';
import { createTestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type SeededClient, type TwoAgencies } from '#support/two-agencies.ts';

type Input = { fileId: string };

let db: Db;
let both: TwoAgencies;
let kit: ImpersonationKit;
let drafts: ReturnType<typeof composeDrafts>;
let client: SeededClient;
let remove: (actor: PortalActor, input: Input, origin: Origin) => Promise<void>;
let inside: Impersonated;

const as = (contactId = client.owner): ClientActor => ({
	kind: 'client',
	agencyId: both.north.agencyId,
	clientId: client.clientId,
	contactId
});
const policy = (value: Record<string, unknown>) =>
	db.execute(
		sql`UPDATE agency SET policy = ${JSON.stringify(value)}::jsonb WHERE id = ${both.north.agencyId}`
	);
const enter = async (mode: 'view' | 'act' = 'act', contactId = client.owner) => {
	await db.execute(
		sql`UPDATE impersonation SET state = 'ended', end_reason = 'limit' WHERE state <> 'ended'`
	);
	const { agencyId, staff } = both.north;
	const whom = { clientId: client.clientId, contactId };
	inside = await impersonate(db, { agencyId, staffId: staff.manager, ...whom, mode }, kit);
};
const tryRemove = () => remove(inside.actor, { fileId: client.fileId }, NO_ORIGIN);
const isDeleted = async () => {
	const [row] = await db.execute<{ gone: boolean }>(
		sql`SELECT deleted_at IS NOT NULL AS gone FROM file WHERE id = ${client.fileId}`
	);
	return row?.gone;
};
const lastAction = async () => {
	const [row] = await db.execute<Record<string, unknown>>(sql`
		SELECT a.action, a.outcome, a.refusal, a.actor_kind, a.contact_id, a.actor_staff_id, d.details::jsonb -> 'approved' AS approved
		FROM action a LEFT JOIN action_details d ON d.seq = a.seq ORDER BY a.seq DESC LIMIT 1`);
	return row!;
};
const openOne = async () => (await drafts.list(as(), 1)).open[0]!;

beforeAll(async () => {
	({ db } = await createTestDatabase());
	both = await seedTwoAgencies(db);
	kit = impersonationKit(db);
	client = both.north.clients.assigned;
	drafts = composeDrafts({ db, act: kit.act, ids: testIds });
	remove = drafts.orDraft(
		'file.deleted',
		async (actor: PortalActor, { fileId }: Input, origin: Origin) => {
			const subject = { type: 'file', id: fileId };
			await kit.act(actor, { action: 'file.deleted', subject, origin }, async (tx) => {
				const rows = await tx.execute(sql`UPDATE file SET deleted_at = now() WHERE id = ${fileId}
					AND client_id = ${actor.clientId} AND deleted_at IS NULL RETURNING id`);
				if (rows.length === 0) throw new AppError('not_found', 'There is no such file.');
				return { value: undefined, subject: { ...subject, label: 'seeded.txt' } };
			});
		},
		async (_reader, _actor, { fileId }) => ({
			label: 'Delete file seeded.txt',
			href: '/files',
			facts: [
				{ term: 'File', value: fileId },
				{ term: 'Total', value: '€1.00', needs: ['services.prices', 'orders.amounts'] }
			]
		})
	);
});
beforeEach(async () => {
	await policy({ draftSensitive: true });
	await db.execute(sql`UPDATE agency SET zones = '[]'`);
	await db.execute(sql`DELETE FROM draft`);
	await db.execute(sql`UPDATE file SET deleted_at = NULL`);
	await enter();
});

describe('a sensitive action while impersonating', () => {
	it('waits for the client where the policy says so, and changes nothing', async () => {
		await expect(tryRemove()).rejects.toMatchObject({
			code: 'drafted',
			message: expect.stringContaining(`Owner of ${client.name}`)
		});
		expect(await isDeleted()).toBe(false);
		expect(await lastAction()).toMatchObject({ action: 'draft.prepared', outcome: 'done' });
		expect(await drafts.list(as(), 1)).toMatchObject({
			open: [
				{
					label: 'Delete file seeded.txt',
					facts: [{ term: 'File' }, { term: 'Total' }],
					preparedBy: 'North manager',
					reason: 'Support',
					action: 'Deleted file'
				}
			],
			decided: []
		});
		expect(await drafts.countOpen(as())).toBe(1);
	});

	it('pressed twice is prepared once, also at the same moment', async () => {
		const answers = await Promise.allSettled([tryRemove(), tryRemove(), tryRemove()]);
		const codes = answers.map((answer) => (answer as PromiseRejectedResult).reason.code as string);
		expect(codes.toSorted()).toEqual(['conflict', 'conflict', 'drafted']);
		expect(await drafts.countOpen(as())).toBe(1);
	});

	it('is done at once where the policy does not ask for approval', async () => {
		await policy({});
		await tryRemove();
		expect(await isDeleted()).toBe(true);
		expect(await drafts.countOpen(as())).toBe(0);
	});

	it('is refused as before in view mode, and never becomes a draft', async () => {
		await enter('view');
		await expect(tryRemove()).rejects.toMatchObject({ code: 'view_only' });
		expect(await drafts.countOpen(as())).toBe(0);
	});

	it('waits for a second person before it waits for the client, calls one, and is no draft until then', async () => {
		const mark = (zone: string) =>
			db.execute(
				sql`UPDATE agency SET zones = jsonb_build_array(${zone}::text) WHERE id = ${both.north.agencyId}`
			);
		const called = async () => {
			const [row] = await db.execute(sql`SELECT zone, hand_raised_at IS NOT NULL AS calls FROM impersonation
				WHERE id = ${inside.impersonationId}`);
			return row;
		};
		for (const zone of ['file.deleted', 'files']) {
			await enter();
			await mark(zone);
			await expect(tryRemove()).rejects.toMatchObject({ code: 'second_person' });
			expect(await lastAction()).toMatchObject({ action: 'file.deleted', refusal: 'second_person' });
			expect(await called()).toEqual({ zone, calls: true });
			// One who left between the two.
			await enter();
			const described = { label: 'Delete file', href: '/files', facts: [] };
			const prepare = prepareDraft({ act: kit.act, ids: testIds });
			const late = prepare(inside.actor, { action: 'file.deleted', input: {}, ...described }, NO_ORIGIN);
			await expect(late).rejects.toMatchObject({ code: 'second_person' });
			expect(await lastAction()).toMatchObject({ action: 'draft.prepared', refusal: 'second_person' });
			expect(await called()).toEqual({ zone, calls: true });
		}
		expect(await drafts.countOpen(as())).toBe(0);
		await db.execute(sql`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id, looked_at)
			VALUES (${testIds.uuid()}, ${both.north.agencyId}, ${inside.impersonationId}, ${both.north.staff.supervisor},
				${testIds.uuid()}, clock_timestamp())`);
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
	});

	it('is refused where the contact may not do it either', async () => {
		const hide = (setup: object) =>
			db.execute(
				sql`UPDATE client SET portal_setup = ${JSON.stringify(setup)}::jsonb WHERE id = ${client.clientId}`
			);
		await hide({ 'files.delete': { hidden: true } });
		await expect(tryRemove()).rejects.toMatchObject({ code: 'not_allowed' });
		await hide({});
		expect(await drafts.countOpen(as())).toBe(0);
	});
});

describe('approving', () => {
	it('runs the same use case once, under the client with both names in the log', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		const answers = await Promise.allSettled([
			drafts.approve(as(), id, NO_ORIGIN),
			drafts.approve(as(), id, NO_ORIGIN)
		]);
		expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
		expect(await isDeleted()).toBe(true);
		expect(await lastAction()).toMatchObject({
			action: 'file.deleted',
			actor_kind: 'client',
			contact_id: client.owner,
			actor_staff_id: both.north.staff.manager,
			approved: { draftId: id }
		});
		const { open, decided } = await drafts.list(as(), 1);
		expect(open).toEqual([]);
		expect(decided).toMatchObject([{ state: 'approved', decidedBy: `Owner of ${client.name}` }]);
	});

	it.each(['act', 'view'] as const)('is never possible while impersonating, in %s mode', async (mode) => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		await enter(mode);
		await expect(drafts.approve(inside.actor, id, NO_ORIGIN)).rejects.toMatchObject({ code: 'forbidden' });
		expect(await lastAction()).toMatchObject({ action: 'draft.approved', refusal: 'forbidden' });
		await expect(drafts.decline(inside.actor, { id, reason: 'No' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'forbidden'
		});
		expect(await isDeleted()).toBe(false);
		expect(await drafts.countOpen(as())).toBe(1);
	});

	it('that fails says why and leaves it open', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		await db.execute(sql`UPDATE file SET deleted_at = now() WHERE id = ${client.fileId}`);
		await expect(drafts.approve(as(), id, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		expect(await openOne()).toMatchObject({ id, state: 'open' });
	});

	it('asks the approving contact’s own rights', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		const rights = (list: string) =>
			db.execute(sql`UPDATE contact SET rights = ${list}::text[] WHERE id = ${client.contact}`);
		await rights('{tasks}');
		expect(await drafts.countOpen(as(client.contact))).toBe(0);
		await expect(drafts.approve(as(client.contact), id, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		await rights('{tasks,files}');
		await drafts.approve(as(client.contact), id, NO_ORIGIN);
		expect(await isDeleted()).toBe(true);
	});
});

describe('what ends it otherwise', () => {
	it('is a decline with its reason, which both sides read', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		await drafts.decline(as(), { id, reason: 'We still need it' }, NO_ORIGIN);
		expect(await lastAction()).toMatchObject({ action: 'draft.declined', actor_kind: 'client' });
		await expect(drafts.approve(as(), id, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		expect((await drafts.listOfClient(inside.staff, client.clientId)).rows).toMatchObject([
			{ id, state: 'declined', declineReason: 'We still need it', mine: true }
		]);
	});

	it('is whoever prepared it, and no colleague', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		const { clientId } = client;
		const admin = { ...inside.staff, staffId: both.north.staff.admin };
		await db.execute(sql`UPDATE staff_session SET user_id = ${admin.staffId} WHERE id = ${admin.sessionId}`);
		await expect(drafts.withdraw(admin, { clientId, id }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		await db.execute(
			sql`UPDATE staff_session SET user_id = ${inside.staff.staffId} WHERE id = ${admin.sessionId}`
		);
		await drafts.withdraw(inside.staff, { clientId, id }, NO_ORIGIN);
		expect(await drafts.countOpen(as())).toBe(0);
		expect((await drafts.list(as(), 1)).decided).toMatchObject([{ state: 'withdrawn' }]);
	});

	it('is time: it cannot be approved a moment later, and is closed once', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		const { id } = await openOne();
		await db.execute(sql`UPDATE draft SET expires_at = clock_timestamp()`);
		await expect(drafts.approve(as(), id, NO_ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
		expect((await drafts.list(as(), 1)).decided).toMatchObject([{ state: 'expired', decidedAt: null }]);
		const counts = await Promise.all([drafts.expire(), drafts.expire()]);
		expect(counts.toSorted()).toEqual([0, 1]);
		expect(await lastAction()).toMatchObject({ action: 'draft.expired', actor_kind: 'system' });
	});
});

describe('who reads of it', () => {
	const hide = (setup: object) =>
		db.execute(
			sql`UPDATE client SET portal_setup = ${JSON.stringify(setup)}::jsonb WHERE id = ${client.clientId}`
		);
	const termsOf = async (contactId: typeof client.owner) =>
		(await drafts.list(as(contactId), 1)).open[0]?.facts.map((fact) => Object.keys(fact).join() + fact.term);

	it('a colleague without billing reads no amount, an owner does unless amounts are hidden from the client', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		expect(await termsOf(client.owner)).toEqual(['term,valueFile', 'term,valueTotal']);
		expect(await termsOf(client.contact)).toEqual(['term,valueFile']);
		await hide({ 'services.prices': { hidden: true } });
		expect(await termsOf(client.owner)).toEqual(['term,valueFile']);
		await hide({});
		const [forStaff] = (await drafts.listOfClient(inside.staff, client.clientId)).rows;
		expect(forStaff?.facts).toHaveLength(2);
	});

	it('an owner does even where the area was hidden since, and can decline it but not approve it', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		await hide({ files: { hidden: true } });
		expect(await drafts.countOpen(as(client.contact))).toBe(0);
		expect(await drafts.countOpen(as())).toBe(1);
		const { id } = await openOne();
		await expect(drafts.approve(as(), id, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('Decline it')
		});
		await expect(drafts.decline(as(client.contact), { id, reason: '' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_found'
		});
		await drafts.decline(as(), { id, reason: '' }, NO_ORIGIN);
		expect(await drafts.countOpen(as())).toBe(0);
		await hide({});
	});

	it('reaches every one of many, a page at a time, and sorts what was decided', async () => {
		await expect(tryRemove()).rejects.toMatchObject({ code: 'drafted' });
		await db.execute(sql`
			INSERT INTO draft (id, agency_id, client_id, contact_id, action, input, label, prepared_by, impersonation_id,
				expires_at, created_at)
			SELECT gen_random_uuid(), agency_id, client_id, contact_id, action, jsonb_build_object('n', n), 'Draft ' || n,
				prepared_by, impersonation_id, expires_at, created_at + make_interval(secs => n)
			FROM draft, generate_series(1, 24) AS n`);
		const pages = await Promise.all([1, 2, 3, 4].map((openPage) => drafts.list(as(), 1, { openPage })));
		expect(pages.map(({ open, openTotal }) => [open.length, openTotal])).toEqual([
			[10, 25],
			[10, 25],
			[5, 25],
			[0, 25]
		]);
		expect(new Set(pages.flatMap(({ open }) => open.map(({ id }) => id))).size).toBe(25);
		await db.execute(sql`UPDATE draft SET state = 'declined', decided_at = clock_timestamp()
			WHERE label IN ('Draft 3', 'Draft 7')`);
		const labels = async (sort: 'what' | '-what') =>
			(await drafts.list(as(), 1, { sort })).decided.map(({ label }) => label);
		expect(await labels('what')).toEqual(['Draft 3', 'Draft 7']);
		expect(await labels('-what')).toEqual(['Draft 7', 'Draft 3']);
	});
});
