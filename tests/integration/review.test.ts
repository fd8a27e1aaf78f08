import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { readAccessVisit } from '#server/usecases/portal/read-access-visit.ts';
import { commentInput } from '#server/usecases/review/add-comment.ts';
import { decideInput } from '#server/usecases/review/decide-review.ts';
import { reviewFilters } from '#server/usecases/review/review-filters.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { ReviewWorld } from '#support/review-world.ts';

let desk: ReviewWorld;
let calm: Impersonated;
let ordered: Impersonated;
let torn: Impersonated;
let sofia: StaffActor;
let admin: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const north = () => desk.world.agencies.north;
const of = ({ impersonationId }: Impersonated) => ({ impersonationId });
const state = (stay: Impersonated) => desk.review.read(sofia, of(stay));

beforeAll(async () => {
	desk = await ReviewWorld.open();
	calm = await desk.ended(north(), ['task.created']);
	ordered = await desk.ended(north(), ['order.placed']);
	torn = await desk.ended(north(), ['order.placed', 'order.placed']);
	// A hole: batch 2 never arrived.
	await desk.run(
		sql`UPDATE page SET last_event_at = clock_timestamp(), closed_at = NULL, events = 900 WHERE id = ${torn.pageId}`
	);
	sofia = await desk.world.supervisor(north());
	admin = await signInStaff(desk.world.database.db, north().agencyId, north().staff.admin);
	await desk.ended(desk.world.agencies.south, ['order.placed']);
	await desk.review.assessEnded();
});
afterAll(() => desk.world.close());

describe('the queue', () => {
	it('has what asks for a look, riskiest first, with the reasons, of one’s own agency only', async () => {
		const { rows, open } = await desk.review.list(sofia, reviewFilters.parse({}));
		expect(rows.map(({ id }) => id)).toEqual([torn.impersonationId, ordered.impersonationId]);
		expect(rows[0]!.risk).toBeGreaterThan(rows[1]!.risk);
		expect(rows[1]).toMatchObject({
			client: 'North Assigned',
			staff: 'North manager',
			isOwn: false,
			isLate: false
		});
		expect(rows[1]!.reasons).toEqual([{ key: 'money', count: 1 }]);
		expect(open).toEqual({ total: 2, isMore: false });
	});

	it('assesses each once, and what does not ask for a look too', async () => {
		expect(await desk.review.assessEnded()).toBe(0);
		expect((await state(calm)).review).toMatchObject({ risk: 0, reasons: [], isQueued: false });
		expect(desk.faults).toEqual([]);
	});

	it.each([
		[{ why: 'money' }, 2],
		[{ why: 'hours' }, 0],
		[{ show: 'mine' }, 0],
		[{ show: 'done' }, 0],
		[{ late: '1' }, 0],
		[{ sort: 'due' }, 2],
		[{ sort: 'risk' }, 2],
		[{ page: '2' }, 0],
		[{ sort: "'; DROP", why: 'x', client: '1' }, 2]
	] as [Record<string, string>, number][])('shown by %o has %i', async (query, count) => {
		expect(await desk.queue(sofia, query)).toHaveLength(count);
	});

	it('is refused without the permission', async () => {
		await expect(desk.queue(ordered.staff)).rejects.toEqual(refusal('not_allowed'));
	});
});

describe('a review', () => {
	const decide = (actor: StaffActor, stay: Impersonated, input: object) =>
		desk.review.decide(actor, { ...decideInput.parse(input), ...of(stay) }, NO_ORIGIN);

	const judgeAgain = async (actor: StaffActor, stay: Impersonated, input: object) =>
		decide(actor, stay, { ...input, seen: String((await state(stay)).review?.reviewedAt ?? '') });

	it('is given to somebody, who is told and finds it among their own', async () => {
		await desk.review.assign(admin, { ...of(ordered), to: sofia.staffId }, NO_ORIGIN);
		expect(await desk.queue(sofia, { show: 'mine' })).toEqual([ordered.impersonationId]);
		expect(await desk.queue(admin, { show: 'mine' })).toEqual([]);
		expect(await desk.told('review.assigned', sofia.staffId)).toEqual([
			{
				title: 'North admin, North asked you to review recording “North Assigned, North manager”',
				href: `/recordings/${ordered.impersonationId}`
			}
		]);
		expect(await desk.review.next(sofia, of(torn))).toBe(ordered.impersonationId);
		expect(await desk.review.next(admin, of(torn))).toBeNull();
	});

	it('needs a note unless it is fine', () => {
		expect(decideInput.safeParse({ verdict: 'coach' }).success).toBe(false);
		expect(decideInput.safeParse({ verdict: 'breach', note: 'Bad' }).success).toBe(false);
		expect(decideInput.safeParse({ verdict: 'fine' }).success).toBe(true);
		expect(decideInput.safeParse({ verdict: 'fine', checks: ['nothing of ours'] }).success).toBe(false);
	});

	it('gets a verdict from whoever opened the replay, which stands in the log and can be given anew', async () => {
		await expect(decide(sofia, ordered, { verdict: 'fine' })).rejects.toEqual(refusal('not_allowed'));
		await desk.open(sofia, ordered);
		await decide(sofia, ordered, {
			verdict: 'coach',
			note: 'Ask before ordering.',
			checks: ['reason', 'needed']
		});
		expect((await state(ordered)).review).toMatchObject({
			verdict: 'coach',
			note: 'Ask before ordering.',
			checks: ['reason', 'needed'],
			reviewedBy: 'North supervisor'
		});
		await judgeAgain(sofia, ordered, { verdict: 'fine' });
		const rows = await desk.run(sql`
			SELECT d.details::jsonb ->> 'verdict' AS verdict, d.details::jsonb ->> 'before' AS before, a.client_id AS client
			FROM action a JOIN action_details d ON d.seq = a.seq
			WHERE a.action = 'review.decided' AND a.outcome = 'done' ORDER BY a.seq`);
		const client = north().clients.assigned.clientId;
		expect([...rows]).toEqual([
			{ verdict: 'Coach', before: null, client },
			{ verdict: 'Fine', before: 'Coach', client }
		]);
		expect(await desk.queue(sofia)).toEqual([torn.impersonationId]);
		expect(await desk.queue(sofia, { show: 'done', verdict: 'fine' })).toEqual([ordered.impersonationId]);
		expect(await desk.queue(sofia, { show: 'done', why: 'money' })).toEqual([ordered.impersonationId]);
		expect(await desk.queue(sofia, { why: 'money' })).toEqual([torn.impersonationId]);
		await expect(desk.review.assign(admin, { ...of(ordered), to: admin.staffId }, NO_ORIGIN)).rejects.toEqual(
			refusal('conflict')
		);
	});

	it('is not judged anew by who did not see how somebody judged it meanwhile', async () => {
		await desk.open(admin, ordered);
		const late = decide(admin, ordered, { verdict: 'fine' });
		await expect(late).rejects.toEqual(refusal('conflict'));
		await expect(late).rejects.toThrow('North supervisor judged it “Fine” meanwhile');
		expect((await state(ordered)).review).toMatchObject({ reviewedBy: 'North supervisor' });
	});

	// Attack: each held a connection of the pool and waited for one more, and the process stood still.
	it('gets one verdict of more that come at once than there are connections', async () => {
		await desk.open(sofia, calm);
		const all = await Promise.allSettled(
			Array.from({ length: 25 }, () => decide(sofia, calm, { verdict: 'fine' }))
		);
		expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect(all.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
	});

	it('is nobody’s once whoever has it left, and comes next to others', async () => {
		await desk.review.assign(sofia, { ...of(torn), to: admin.staffId }, NO_ORIGIN);
		expect(await desk.review.next(sofia, of(ordered))).toBeNull();
		await desk.run(sql`UPDATE staff SET active = false WHERE id = ${admin.staffId}`);
		expect((await state(torn)).review).toMatchObject({ assignedTo: null });
		const { rows } = await desk.review.list(sofia, reviewFilters.parse({}));
		expect(rows).toMatchObject([{ id: torn.impersonationId, assignedTo: null }]);
		expect(await desk.review.next(sofia, of(ordered))).toBe(torn.impersonationId);
		await desk.run(sql`UPDATE staff SET active = true WHERE id = ${admin.staffId}`);
	});

	it('is counted, by week, verdict and reviewer', async () => {
		const { weeks, verdicts, reviewers } = await desk.review.readCoverage(sofia);
		expect(weeks).toHaveLength(12);
		// They ended a minute ago, which may have been last week.
		const sum = (what: 'recordings' | 'queued' | 'reviewed') =>
			weeks.slice(-2).reduce((all, week) => all + week[what], 0);
		expect([sum('recordings'), sum('queued'), sum('reviewed')]).toEqual([3, 3, 2]);
		expect(Math.max(...weeks.slice(-2).map(({ hours }) => hours ?? 0))).toBeGreaterThan(0);
		expect(verdicts).toEqual({ fine: 2, coach: 0, breach: 0 });
		expect(reviewers).toEqual([{ name: 'North supervisor', count: 2 }]);
	});

	it('shows in the client’s access history, without what was found', async () => {
		const { agencyId, clients } = north();
		const { clientId, owner } = clients.assigned;
		const client = { kind: 'client', agencyId, clientId, contactId: owner } as const;
		const read = (stay: Impersonated) =>
			readAccessVisit({ db: desk.world.database.db })(client, stay.impersonationId, 1);
		expect((await read(ordered)).reviewedAt).toBeGreaterThan(0);
		expect((await read(torn)).reviewedAt).toBeNull();
		expect(JSON.stringify(await read(ordered))).not.toMatch(/Fine|Coach|supervisor/);
	});

	it('belongs to no moment of the recording', async () => {
		const { entries } = await desk.world.recordings.read(sofia, of(ordered));
		expect(entries.filter(({ title }) => /Judged|Assigned review|Commented on rec/.test(title))).toEqual([]);
	});
});

describe('comments', () => {
	const write = (actor: StaffActor, input: object) =>
		desk.review.addComment(actor, { ...commentInput.parse(input), ...of(torn) }, NO_ORIGIN);
	const read = async () => (await desk.review.readNotes(sofia, of(torn))).comments;

	it('stand at a moment and a place, are answered, and tell whom they name', async () => {
		expect(await write(sofia, { at: '4200', x: '0.25', y: '0.5', body: 'Why, @North admin?' })).toEqual([
			'North admin'
		]);
		const [first] = await read();
		expect(first).toMatchObject({
			at: 4200,
			place: { x: 0.25, y: 0.5 },
			by: 'North supervisor',
			isOwn: true
		});
		expect(await desk.told('recording.commented', admin.staffId)).toEqual([
			{
				title: 'North supervisor, North wrote to you about recording “North Assigned, North manager”',
				href: `/recordings/${torn.impersonationId}?t=4200`
			}
		]);
		expect(await write(admin, { at: '99', parent: first!.id, body: 'By ticket 812.' })).toEqual([
			'North supervisor'
		]);
		expect((await read())[0]!.answers).toMatchObject([{ body: 'By ticket 812.', by: 'North admin' }]);
		const details = await desk.run(sql`SELECT d.details FROM action_details d JOIN action a ON a.seq = d.seq
			WHERE a.action = 'recording.commented'`);
		expect(JSON.stringify(details)).not.toContain('ticket 812');
	});

	it('are taken back by whoever wrote them, without what others answered, and not while they are held', async () => {
		const [first] = await read();
		const answer = first!.answers[0]!;
		const remove = (actor: StaffActor, { id }: { id: string }) =>
			desk.review.removeComment(actor, { ...of(torn), id }, NO_ORIGIN);
		await expect(remove(admin, first!)).rejects.toEqual(refusal('not_allowed'));
		const hold = (what: 'hold' | 'release') =>
			desk.review.hold(admin, { ids: [torn.impersonationId], what, reason: 'An inquiry' }, NO_ORIGIN);
		await hold('hold');
		await expect(remove(sofia, first!)).rejects.toEqual(refusal('conflict'));
		await hold('release');
		await remove(sofia, first!);
		const [left] = await read();
		expect(left).toMatchObject({ body: 'Removed by its author.', isRemoved: true, isOwn: false });
		expect(left!.answers).toMatchObject([{ id: answer.id, body: 'By ticket 812.' }]);
		await expect(remove(sofia, first!)).rejects.toEqual(refusal('not_found'));
		await remove(admin, answer);
		expect(await read()).toEqual([]);
	});

	it('and bookmarks go with the recording when it is erased', async () => {
		await write(sofia, { at: '1', body: 'A word that must go' });
		await desk.review.bookmark(sofia, { ...of(torn), at: 1, label: 'Here' }, NO_ORIGIN);
		await desk.run(
			sql`UPDATE impersonation SET ended_at = clock_timestamp() - interval '200 days' WHERE id = ${torn.impersonationId}`
		);
		// What waits for a verdict is kept.
		await desk.run(sql`UPDATE review SET is_queued = false WHERE impersonation_id = ${torn.impersonationId}`);
		await desk.world.retention.expireRecordings();
		expect(await desk.review.readNotes(sofia, of(torn))).toEqual({ comments: [], bookmarks: [] });
		await expect(write(sofia, { at: '1', body: 'A word that comes late' })).rejects.toEqual(
			refusal('conflict')
		);
		await expect(desk.review.bookmark(sofia, { ...of(torn), at: 1, label: '' }, NO_ORIGIN)).rejects.toEqual(
			refusal('conflict')
		);
	});
});

it('keeps bookmarks for their owner alone, and renames one that is set twice', async () => {
	const mark = (actor: StaffActor, more: object) =>
		desk.review.bookmark(actor, { ...of(ordered), at: 5_000, label: '', ...more }, NO_ORIGIN);
	const marks = async (actor: StaffActor) => (await desk.review.readNotes(actor, of(ordered))).bookmarks;
	await mark(sofia, {});
	await mark(sofia, { label: 'The order' });
	expect(await marks(sofia)).toEqual([{ at: 5_000, label: 'The order' }]);
	expect(await marks(admin)).toEqual([]);
	await expect(mark(admin, { remove: '1' })).rejects.toEqual(refusal('not_found'));
	await mark(sofia, { remove: '1' });
	expect(await marks(sofia)).toEqual([]);
});

it('assesses what the client ended as stopped, and tries what fails again later, behind the others', async () => {
	const { south } = desk.world.agencies;
	const since = desk.faults.length;
	const [broken, ended] = [await desk.ended(south), await desk.ended(north())];
	await desk.run(sql`UPDATE impersonation SET end_reason = 'client' WHERE id = ${ended.impersonationId}`);
	const zone = (name: string) =>
		desk.run(sql`UPDATE agency SET review_rules = review_rules || jsonb_build_object('zone', ${name}::text)
			WHERE id = ${south.agencyId}`);
	await zone('Nowhere/None');
	expect(await desk.review.assessEnded()).toBe(1);
	expect((await state(ended)).review!.reasons).toEqual([{ key: 'stopped', count: 1 }]);
	expect(await desk.review.assessEnded()).toBe(0);
	expect(desk.faults).toHaveLength(since + 1);
	await zone('UTC');
	await desk.run(sql`UPDATE impersonation SET assess_failed_at = assess_failed_at - interval '11 minutes'
		WHERE id = ${broken.impersonationId}`);
	expect(await desk.review.assessEnded()).toBe(1);
});

it('keeps what was drawn for each, which no id tells', async () => {
	const rows = await desk.run(sql`SELECT DISTINCT draw FROM review`);
	expect(rows.length).toBeGreaterThan(3);
	expect(rows.every(({ draw }) => typeof draw === 'number' && draw < 1)).toBe(true);
});
