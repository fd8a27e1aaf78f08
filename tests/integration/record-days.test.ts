// What is kept beside recordings goes after the same days: settled alerts, lists of what was erased together, counts of people who stopped.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { bucketOf } from '#domain/alerts.ts';
import { purgeLeftovers } from '#server/usecases/retention/purge-leftovers.ts';
import { signInStaff, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';
import type { SeededAgency } from '#support/two-agencies.ts';

let world: RecordingsWorld;
let admin: StaffActor;
/** Its recording is gone, and is there still. */
let gone: Impersonated;
let kept: Impersonated;

const run = (statement: ReturnType<typeof sql>) => world.database.db.execute(statement);
const north = () => world.agencies.north;
const expire = () => world.retention.expireRecords();

async function ended(isErased: boolean): Promise<Impersonated> {
	const stay = await world.impersonate(north());
	await run(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back', ended_at = now() - interval '40 days',
		erased_at = CASE WHEN ${isErased}::boolean THEN now() END WHERE id = ${stay.impersonationId}`);
	return stay;
}

type Given = { days: number | null; stay?: Impersonated; agency?: SeededAgency; client?: string };

/** Seen to so many days ago; `null`: open, for longer than anything is kept. */
async function alert({ days, stay, agency = north(), client }: Given): Promise<string> {
	const id = randomUUID();
	const clientId = client ?? stay?.actor.clientId ?? null;
	await run(sql`
		INSERT INTO alert (id, agency_id, rule, staff_id, client_id, impersonation_id, at, count, span, raised_at, state, settled_by, settled_at, note)
		SELECT ${id}::uuid, ${agency.agencyId}::uuid, 'downloads', ${agency.staff.manager}::uuid, ${clientId}::uuid, ${stay?.impersonationId ?? null}::uuid,
			now() - interval '400 days', 20, ${id}::text, now() - interval '400 days', CASE WHEN days IS NULL THEN 'open' ELSE 'handled' END,
			CASE WHEN days IS NOT NULL THEN ${agency.staff.supervisor}::uuid END, now() - make_interval(days => days, mins => 5), ''
		FROM (VALUES (${days}::int)) AS given(days)`);
	return id;
}

async function erasure(days: number | null, stay: Impersonated): Promise<string> {
	const id = randomUUID();
	await run(sql`INSERT INTO erasure (id, agency_id, asked_by, session_id, reason, asked_at, ended_at)
		VALUES (${id}, ${north().agencyId}, ${admin.staffId}, ${admin.sessionId}, 'Asked for by letter', now() - interval '400 days',
			now() - make_interval(days => ${days}::int, mins => 5))`);
	await run(sql`INSERT INTO erasure_item (erasure_id, impersonation_id, outcome)
		VALUES (${id}, ${stay.impersonationId}, ${days === null ? null : 'erased'})`);
	return id;
}

const left = async (table: 'alert' | 'erasure') =>
	(await run(sql`SELECT id FROM ${sql.identifier(table)} ORDER BY id`)).map(({ id }) => String(id));
const rows = () =>
	run(sql`SELECT a.actor_kind AS by, a.agency_id AS agency, d.details::jsonb AS details FROM action a
		JOIN action_details d ON d.seq = a.seq WHERE a.action = 'recordings.records_expired' ORDER BY a.seq`);
const setDays = (days: number) =>
	run(sql`UPDATE agency SET recording_days = ${days} WHERE id = ${north().agencyId}`);

beforeAll(async () => {
	world = await RecordingsWorld.open();
	admin = await signInStaff(world.database.db, north().agencyId, north().staff.superAdmin);
	gone = await ended(true);
	kept = await ended(false);
});
beforeEach(async () => {
	await run(sql`DELETE FROM alert`);
	await run(sql`DELETE FROM erasure_item`);
	await run(sql`DELETE FROM erasure`);
	await setDays(30);
});
afterAll(() => world.close());

it('lets go of an alert once it was seen to for the days of its recording and that is gone, and of no open one', async () => {
	const old = [await alert({ days: 30, stay: gone }), await alert({ days: 30 })];
	const stays = [
		await alert({ days: 29, stay: gone }),
		await alert({ days: 60, stay: kept }),
		await alert({ days: null, stay: gone }),
		await alert({ days: null }),
		// Another agency keeps what the installation says.
		await alert({ days: 89, agency: world.agencies.south })
	];
	const before = (await rows()).length;
	expect(await left('alert')).toEqual([...old, ...stays].toSorted());
	expect(await expire()).toBe(2);
	expect(await left('alert')).toEqual(stays.toSorted());
	expect(await expire()).toBe(0);
	const [told, ...more] = (await rows()).slice(before);
	expect(more).toEqual([]);
	expect(told).toMatchObject({
		by: 'system',
		agency: north().agencyId,
		details: { alerts: 2, erasures: 0, subject: '2 settled alerts' }
	});
	const [removal] = (await world.retention.read(admin, '')).removals;
	expect(removal).toMatchObject({ by: null, label: '2 settled alerts', reason: null });
});

it('goes by the client’s own days, and keeps what a client on hold is named in', async () => {
	const { clientId } = gone.actor;
	const own = await alert({ days: 20, stay: gone });
	await run(sql`UPDATE client SET recording_days = 15 WHERE id = ${clientId}`);
	await run(sql`INSERT INTO client_hold (client_id, agency_id, held_by, reason)
		VALUES (${clientId}, ${north().agencyId}, ${admin.staffId}, 'Court order 7')`);
	const list = await erasure(100, gone);
	expect(await expire()).toBe(0);
	await run(sql`DELETE FROM client_hold`);
	expect([await left('alert'), await left('erasure')]).toEqual([[own], [list]]);
	expect(await expire()).toBe(2);
	expect([await left('alert'), await left('erasure')]).toEqual([[], []]);
	await run(sql`UPDATE client SET recording_days = NULL WHERE id = ${clientId}`);
});

it('keeps each alert for as long as its rule may look back, however few the days', async () => {
	await setDays(1);
	const young = await alert({ days: 7, stay: gone });
	await alert({ days: 8, stay: gone });
	expect(await expire()).toBe(1);
	expect(await left('alert')).toEqual([young]);
});

it('lets go of lists of erasures with all that is on them, and of none that is still carried', async () => {
	await erasure(30, gone);
	const young = await erasure(29, gone);
	const running = await erasure(null, gone);
	expect(await expire()).toBe(1);
	expect(await left('erasure')).toEqual([young, running].toSorted());
	const items = await run(sql`SELECT erasure_id FROM erasure_item`);
	expect(items).toHaveLength(2);
	expect((await rows()).at(-1)).toMatchObject({
		details: { alerts: 0, erasures: 1, subject: '1 list of erasures' }
	});
});

it('lets go of the counts of people who do nothing any more', async () => {
	const now = bucketOf(Date.now());
	const day = bucketOf(86_400_000);
	const { manager, assignee } = north().staff;
	await run(sql`INSERT INTO alert_tally (staff_id, rule, bucket, count) VALUES
		(${manager}, 'downloads', ${now - 3 * day}, 4), (${assignee}, 'refused', ${now - day}, 2), (${manager}, 'downloads', ${now}, 1)`);
	await purgeLeftovers({ db: world.database.db })();
	const buckets = await run(sql`SELECT bucket::float8 AS bucket FROM alert_tally ORDER BY bucket`);
	expect(buckets.map(({ bucket }) => bucket)).toEqual([now - day, now]);
});
