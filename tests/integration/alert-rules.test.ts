// Whoever may change the rules of alerts lets go of one for as long as they act: the others are told, and what happened meanwhile is found.
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { alertRulesSchema, type AlertRules } from '#domain/alerts.ts';
import { reviewRulesSchema, type ReviewRules } from '#domain/risk.ts';
import { composeAlerts } from '#server/compose/alerts.ts';
import { composeNotices } from '#server/compose/notices.ts';
import type { Parts } from '#server/compose/parts.ts';
import { alertFilters } from '#server/usecases/alerts/alert-filters.ts';
import { saveReviewRules } from '#server/usecases/review/save-review-rules.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	testIds,
	type Impersonated
} from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let kit: ReturnType<typeof impersonationKit>;
let sofia: StaffActor;
/** May change the rules, and be inside. */
let maya: StaffActor;
let stay: Impersonated;
const faults: unknown[] = [];

const run = (statement: ReturnType<typeof sql>) => database.db.execute(statement);
const parts = () =>
	({
		db: database.db,
		act: kit.act,
		ids: testIds,
		log: { error: (fields: unknown) => faults.push(fields) },
		config: { agencyOrigin: 'http://agency.test', portalOrigin: 'http://portal.test' }
	}) as unknown as Parts;
const alerts = () => composeAlerts(parts());

/** No hour of the day may decide a test: everybody works all day. */
const HOURS: Partial<ReviewRules> = { workFrom: 0, workUntil: 24, weekends: true };
const usual = (more: Partial<AlertRules> = {}) =>
	alertRulesSchema.parse({ downloadsAnHour: 2, refused: false, ...more });
const save = (more: Partial<AlertRules>) => alerts().saveRules(maya, usual(more), NO_ORIGIN);
const saveHours = (more: Partial<ReviewRules>) =>
	saveReviewRules({ act: kit.act })(maya, reviewRulesSchema.parse({ ...HOURS, ...more }), NO_ORIGIN);
const found = async () => {
	const { rows } = await alerts().list(sofia, alertFilters.parse({ show: 'all' }));
	return rows.map(({ rule, count, isLate }) => [rule, count, isLate]);
};
const download = async (times: number) => {
	for (let n = 0; n < times; n++)
		await kit.act(stay.actor, { action: 'file.downloaded' }, () => Promise.resolve({ value: undefined }));
};
const enter = async (): Promise<Impersonated> => {
	const { agencyId, staff, clients } = both.north;
	const whom = { clientId: clients.assigned.clientId, contactId: clients.assigned.owner };
	return impersonate(database.db, { agencyId, staffId: staff.manager, ...whom }, kit);
};
const end = (reason: 'limit' | 'recorder_silent' = 'limit') =>
	kit.end(null, { impersonationId: stay.impersonationId, reason });

// Each in a database of its own: what is looked at late is an hour of one person's log.
beforeEach(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	kit = impersonationKit(database.db);
	const { agencyId, staff } = both.north;
	sofia = await signInStaff(database.db, agencyId, staff.supervisor);
	maya = await signInStaff(database.db, agencyId, staff.manager);
	// Gets alerts herself, too: the change is told to the others.
	await run(sql`UPDATE staff SET granted = ARRAY['policy.manage', 'review'] WHERE id = ${maya.staffId}`);
	await run(sql`UPDATE agency SET alert_rules = ${JSON.stringify(usual())}::text::jsonb,
		review_rules = ${JSON.stringify(reviewRulesSchema.parse(HOURS))}::text::jsonb`);
	stay = await enter();
	await alerts().raise();
	expect(await found()).toEqual([]);
});
afterEach(async () => {
	await database.drop();
	expect(faults.splice(0)).toEqual([]);
});

it('finds late what was done while a rule was off, once, and tells it as such', async () => {
	await save({ downloads: false });
	await download(3);
	await alerts().raise();
	expect(await found()).toEqual([]);
	await save({});
	await Promise.all([alerts().raise(), alerts().raise()]);
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 3, true]]);
	const logged = await run(sql`SELECT a.seq::text AS seq FROM action a JOIN alert x ON x.id = a.subject_id
		WHERE a.action = 'alert.raised' AND x.is_late`);
	expect(logged).toHaveLength(1);
	await composeNotices(parts()).spread([String(logged[0]?.['seq'])]);
	const told = await run(
		sql`SELECT title FROM notice WHERE seq = ${String(logged[0]?.['seq'])}::bigint AND staff_id = ${sofia.staffId}`
	);
	expect(told.map(({ title }) => title)).toEqual([
		'Many downloads: North manager, 3 downloads within an hour (found late)'
	]);
	// Made good: the next change of it looks at nothing of that again.
	expect(await run(sql`SELECT FROM alert_slack`)).toHaveLength(0);
});

it('tells a change of the rules at once to whoever gets alerts, by name, but not to whoever made it', async () => {
	await save({ downloads: false, clients: 50 });
	await saveHours({ zone: 'Asia/Tokyo' });
	const logged = await run(sql`SELECT a.seq::text AS seq, a.actor_staff_id AS by FROM action a
		WHERE a.action IN ('alert.rules_changed', 'review.rules_changed') ORDER BY a.seq DESC LIMIT 2`);
	expect(logged.map(({ by }) => by)).toEqual([maya.staffId, maya.staffId]);
	const seqs = logged.map(({ seq }) => String(seq)).toReversed();
	// By the gate itself, with the row: nobody has to remember to.
	const queued = await run(
		sql`SELECT payload::text AS text FROM outbox WHERE payload::text LIKE '%notices.spread%'`
	);
	for (const seq of seqs) expect(queued.some(({ text }) => String(text).includes(`"${seq}"`))).toBe(true);
	await composeNotices(parts()).spread([...seqs, ...seqs]);
	const told = await run(
		sql`SELECT staff_id AS id, title, href FROM notice WHERE seq IN (${seqs[0]}::bigint, ${seqs[1]}::bigint) ORDER BY seq`
	);
	expect(told.map(({ id }) => id)).not.toContain(maya.staffId);
	expect(told.filter(({ id }) => id === sofia.staffId)).toEqual([
		{
			id: sofia.staffId,
			title: 'North manager, North changed the alert rules: From clients 8 → 50, Many downloads on → off',
			href: '/alerts'
		},
		{
			id: sofia.staffId,
			title: 'North manager, North changed the review rules: Time zone UTC → Asia/Tokyo',
			href: '/alerts'
		}
	]);
	const mails = await run(
		sql`SELECT recipient FROM mail WHERE about LIKE 'notice:%' AND recipient LIKE 'supervisor@north%'`
	);
	expect(mails).toHaveLength(2);
	const own = await run(sql`SELECT FROM mail WHERE about LIKE 'notice:%' AND recipient LIKE 'manager@%'`);
	expect(own).toHaveLength(0);
});

it('finds it also by way of a limit, by steps, and where it was let go of again before anybody looked', async () => {
	await save({ downloadsAnHour: 500 });
	await download(3);
	await alerts().raise();
	await save({ downloadsAnHour: 400 });
	await alerts().raise();
	await save({});
	await save({ downloads: false });
	await alerts().raise();
	expect(await found()).toEqual([]);
	await save({});
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 3, true]]);
});

it('finds what nobody had gone through yet when the rule was let go of', async () => {
	await download(3);
	await save({ downloads: false });
	await alerts().raise();
	expect(await found()).toEqual([]);
	await save({});
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 3, true]]);
});

it('raises nothing anew that was raised before, nor what happened before the rule was let go of', async () => {
	await download(2);
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 2, false]]);
	await save({ downloads: false });
	await save({});
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 2, false]]);
	// A rule that only becomes stricter counts from then on.
	await save({ downloadsAnHour: 2, many_clients: true, clients: 2 });
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 2, false]]);
	// On top of what was told: at twice as much it is told again, and as late.
	await save({ downloads: false });
	await download(2);
	await alerts().raise();
	await save({});
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 4, true]]);
});

it('finds an entry out of hours where the hours themselves were changed for as long as it took', async () => {
	await end();
	const other = (new Date().getUTCHours() + 12) % 24;
	const never = { workFrom: other, workUntil: other + 1, weekends: true };
	await run(sql`UPDATE agency SET review_rules = ${JSON.stringify(reviewRulesSchema.parse(never))}::text::jsonb,
		alert_rules = ${JSON.stringify(usual({ out_of_hours: true }))}::text::jsonb`);
	await saveHours({});
	stay = await enter();
	await alerts().raise();
	expect(await found()).toEqual([]);
	await saveHours(never);
	await alerts().raise();
	expect(await found()).toEqual([['out_of_hours', 1, true]]);
});

it('finds what ended unusually long, or for its silence, while nobody was to be told of that', async () => {
	await save({ long: false, silent: false });
	await run(
		sql`UPDATE impersonation SET started_at = clock_timestamp() - interval '50 minutes' WHERE id = ${stay.impersonationId}`
	);
	await run(
		sql`UPDATE page SET last_beat_at = clock_timestamp() - interval '2 minutes' WHERE id = ${stay.pageId}`
	);
	await alerts().raise();
	await end('recorder_silent');
	await save({});
	await alerts().raise();
	await alerts().raise();
	const rows = await found();
	expect(rows.toSorted()).toEqual([
		['long', 50, true],
		['silent', expect.any(Number), true]
	]);
});

it('looks back a week, and no other agency’s log', async () => {
	await save({ downloads: false });
	await download(3);
	await alerts().raise();
	await run(sql`UPDATE alert_slack SET since = since - interval '30 days'`);
	const other = await signInStaff(database.db, both.south.agencyId, both.south.staff.supervisor);
	await save({});
	await alerts().raise();
	expect(await found()).toEqual([['downloads', 3, true]]);
	expect((await alerts().list(other, alertFilters.parse({ show: 'all' }))).rows).toEqual([]);
});
