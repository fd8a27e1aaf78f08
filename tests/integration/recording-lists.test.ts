// The list of recordings by what was found out about them, views that somebody keeps of it, and holds against erasing.
import { composeAgency } from '#server/compose/agency.ts';
import type { Parts } from '#server/compose/parts.ts';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { reviewFilters } from '#server/usecases/review/review-filters.ts';
import { holdInput, type HoldInput } from '#server/usecases/review/hold-recordings.ts';
import { saveViewInput } from '#server/usecases/agency/saved-views.ts';
import { readSketches } from '#server/usecases/recordings/read-sketches.ts';
import { destroyKey } from '#server/usecases/retention/erase-recordings.ts';
import { noteSketch } from '#server/usecases/supervision/note-sketch.ts';
import { NO_ORIGIN, signInStaff, testIds, type Impersonated } from '#support/impersonate.ts';
import { ReviewWorld } from '#support/review-world.ts';

let desk: ReviewWorld;
let ordered: Impersonated;
let calm: Impersonated;
let running: Impersonated;
let sofia: StaffActor;
let admin: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const north = () => desk.world.agencies.north;
const listed = async (query: Record<string, string>, actor = sofia) =>
	(await desk.world.recordings.list(actor, recordingFilters.parse(query))).rows.map(({ id }) => id);

beforeAll(async () => {
	desk = await ReviewWorld.open();
	ordered = await desk.ended(north(), ['order.placed']);
	calm = await desk.ended(north());
	await desk.run(
		sql`UPDATE impersonation SET ticket = 'HELP-812', reason = 'billing' WHERE id = ${ordered.impersonationId}`
	);
	await desk.run(sql`INSERT INTO view (id, agency_id, impersonation_id, kind, address, status)
		VALUES (gen_random_uuid(), ${north().agencyId}, ${ordered.impersonationId}, 'page', '/invoices/1?x=1', 200)`);
	await desk.review.assessEnded();
	running = await desk.world.impersonate(north());
	sofia = await desk.world.supervisor(north());
	admin = await signInStaff(desk.world.database.db, north().agencyId, north().staff.admin);
});
afterAll(() => desk.world.close());

describe('the list', () => {
	it.each([
		[{}, ['running', 'calm', 'ordered']],
		[{ reason: 'billing' }, ['ordered']],
		[{ ticket: 'help-8' }, ['ordered']],
		[{ ticket: '%' }, []],
		[{ did: 'order.placed' }, ['ordered']],
		[{ did: 'order.cancelled' }, []],
		[{ area: 'invoices' }, ['ordered']],
		[{ area: 'tasks' }, []],
		[{ risk: 'medium' }, ['ordered']],
		[{ risk: 'high' }, []],
		[{ review: 'waits' }, ['ordered']],
		[{ review: 'done' }, []],
		[{ incomplete: '1' }, []],
		[{ length: '5' }, []],
		[{ sort: '-risk' }, ['ordered', 'calm']],
		[{ sort: 'risk' }, ['calm', 'ordered']],
		[
			{ did: 'nothing', area: 'x', risk: '9', review: 'x', length: '7', ticket: '' },
			['running', 'calm', 'ordered']
		]
	] as [Record<string, string>, string[]][])('by %o has %o', async (query, names) => {
		const ids = Object.entries({ ordered, calm, running }).map(([name, stay]) => [
			stay.impersonationId,
			name
		]);
		const nameOf = Object.fromEntries(ids) as Record<string, string>;
		expect((await listed(query)).map((id) => nameOf[id])).toEqual(names);
	});

	it('tells risk and what waits, and nothing of what runs', async () => {
		const { rows } = await desk.world.recordings.list(sofia, recordingFilters.parse({}));
		expect(rows.map(({ risk, isDue, verdict }) => [risk, isDue, verdict])).toEqual([
			[null, false, null],
			[0, false, null],
			[45, true, null]
		]);
	});
});

describe('the picture beside a recording', () => {
	/** Notes a page's wireframe of one box of this kind, as its hub does. */
	const note = (stay: Impersonated, kind: number, shownMs: number, more: Partial<Noted> = {}) => {
		const { impersonationId, pageId, actor } = stay;
		const inside = { agencyId: actor.agencyId, staffId: stay.staff.staffId, impersonationId, pageId };
		const kept = { takenAt: Date.now(), shownMs, width: 1280, height: 800, boxes: [kind, 0, 0, 9, 9] };
		return noteSketch({ db: desk.world.database.db })({ ...inside, ...more }, kept);
	};
	type Noted = Pick<Impersonated, 'pageId'> & { agencyId: StaffActor['agencyId'] };
	/** Another page of it. */
	const page = async ({ impersonationId, actor }: Impersonated) => {
		const pageId = testIds.uuid() as Impersonated['pageId'];
		await desk.run(sql`INSERT INTO page (id, agency_id, impersonation_id, address)
			VALUES (${pageId}, ${actor.agencyId}, ${impersonationId}, '/')`);
		return { pageId };
	};
	/** The kind of the box that the list shows of it. */
	const kindOf = async ({ impersonationId }: Impersonated, actor = sofia) => {
		const { rows } = await desk.world.recordings.list(actor, recordingFilters.parse({}));
		const sketch = rows.find(({ id }) => id === impersonationId)?.sketch;
		return sketch ? Buffer.from(sketch.boxes, 'base64')[0] : null;
	};

	it('is of the page on which most was done, else of the one shown longest', async () => {
		await note(ordered, 1, 1_000);
		await note(ordered, 2, 9_000, await page(ordered));
		expect(await kindOf(ordered)).toBe(1);
		await note(calm, 1, 1_000);
		await note(calm, 2, 9_000, await page(calm));
		await note(calm, 3, 5_000, await page(calm));
		expect(await kindOf(calm)).toBe(2);
		const { rows } = await desk.review.list(sofia, reviewFilters.parse({}));
		expect(rows.map(({ id, sketch }) => [id, sketch?.width])).toEqual([[ordered.impersonationId, 1280]]);
	});

	it('stays what was shown longer, whichever hub wrote it later', async () => {
		await note(calm, 4, 20_000);
		await note(calm, 5, 19_000);
		expect(await kindOf(calm)).toBe(4);
	});

	it('is none while it runs, and none of another agency', async () => {
		await note(running, 1, 1_000);
		expect(await kindOf(running)).toBeNull();
		const { agencyId } = desk.world.agencies.south;
		await note(ordered, 3, 99_000, { agencyId });
		expect(await kindOf(ordered)).toBe(1);
		const { db } = desk.world.database;
		expect(await readSketches(db, agencyId, [ordered.impersonationId])).toEqual(new Map());
		expect((await readSketches(db, north().agencyId, [ordered.impersonationId])).size).toBe(1);
	});

	it('is nothing but boxes of the wire, whatever wrote the row', async () => {
		const write = (set: ReturnType<typeof sql>) =>
			desk.run(sql`UPDATE page_sketch SET ${set} WHERE impersonation_id = ${ordered.impersonationId}`);
		for (const hostile of [
			sql`boxes = decode(repeat('00', 605), 'hex')`,
			sql`boxes = decode(repeat('00', 6), 'hex')`,
			sql`boxes = ''`,
			sql`width = 0`,
			sql`height = 2000000000`
		])
			await expect(write(hostile)).rejects.toThrow();
		await write(sql`boxes = decode(repeat('ff', 600), 'hex')`);
		expect(await kindOf(ordered)).toBe(255);
	});

	it('goes with the recording, and none comes after it', async () => {
		const { south } = desk.world.agencies;
		const erased = await desk.ended(south);
		const reader = await desk.world.supervisor(south);
		await note(erased, 1, 1_000);
		expect(await kindOf(erased, reader)).toBe(1);
		const { db } = desk.world.database;
		await db.transaction((tx) => destroyKey(tx, erased.impersonationId));
		const rows = () =>
			desk.run(sql`SELECT FROM page_sketch WHERE impersonation_id = ${erased.impersonationId}`);
		expect(await rows()).toHaveLength(0);
		await note(erased, 1, 2_000);
		expect(await rows()).toHaveLength(0);
		expect(await kindOf(erased, reader)).toBeNull();
	});

	it('is not written while the recording is being erased', async () => {
		const { south } = desk.world.agencies;
		const erased = await desk.ended(south);
		const { db } = desk.world.database;
		const late = await db.transaction(async (tx) => {
			await destroyKey(tx, erased.impersonationId);
			const writing = note(erased, 1, 1_000).then(() => 'done' as const);
			// It waits for the page: only the end of this transaction lets it go on.
			await vi.waitFor(async () => {
				const waiting = await desk.world.database.owner`SELECT FROM pg_stat_activity
					WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%page_sketch%'`;
				expect(waiting.length).toBeGreaterThan(0);
			}, 15_000);
			return { writing };
		});
		expect(await late.writing).toBe('done');
		expect(await kindOf(erased, await desk.world.supervisor(south))).toBeNull();
	});
});

describe('a saved view', () => {
	const save = (actor: StaffActor, name: string, query: string) =>
		desk.review.saveView(actor, saveViewInput.parse({ name, query }), NO_ORIGIN);

	it('is its owner’s alone, takes the place of its name, and is removed by nobody else', async () => {
		await save(sofia, 'Money', 'risk=high');
		await save(sofia, 'money', 'did=order.placed&sort=-risk');
		const [view, ...more] = await desk.review.listViews(sofia);
		expect(view).toMatchObject({ name: 'money', query: 'did=order.placed&sort=-risk' });
		expect(more).toEqual([]);
		expect(await desk.review.listViews(admin)).toEqual([]);
		await expect(desk.review.removeView(admin, { id: view!.id }, NO_ORIGIN)).rejects.toEqual(
			refusal('not_found')
		);
		// Another list's are its own, with names of their own.
		const log = composeAgency({
			db: desk.world.database.db,
			act: desk.world.kit.act,
			ids: testIds
		} as unknown as Parts);
		await log.saveView(
			admin,
			saveViewInput.parse({ name: 'Money', query: 'action=order.placed' }),
			NO_ORIGIN
		);
		expect(await log.listViews(admin)).toMatchObject([{ name: 'Money', query: 'action=order.placed' }]);
		expect(await desk.review.listViews(admin)).toEqual([]);
		await expect(log.removeView(sofia, { id: view!.id }, NO_ORIGIN)).rejects.toEqual(refusal('not_found'));
		await desk.review.removeView(sofia, { id: view!.id }, NO_ORIGIN);
		expect(await desk.review.listViews(sofia)).toEqual([]);
	});

	it('is never an address of somewhere else, and there are not too many', async () => {
		const strange = saveViewInput.parse({ name: 'x', query: '//evil.test/?a=1&javascript:alert(1)' });
		expect(new URL(`/recordings?${strange.query}`, 'http://agency.test').host).toBe('agency.test');
		expect(saveViewInput.safeParse({ name: 'x', query: '' }).success).toBe(false);
		// Words that were searched for are kept in the log alone.
		expect(saveViewInput.safeParse({ name: 'x', query: 'seen=word' }).success).toBe(false);
		expect(saveViewInput.parse({ name: 'x', query: 'mode=act&seen=word' }).query).toBe('mode=act');
		for (let n = 0; n < 20; n++) await save(admin, `View ${n}`, 'risk=high');
		await expect(save(admin, 'One more', 'risk=high')).rejects.toEqual(refusal('conflict'));
		await save(admin, 'View 3', 'risk=medium');
	});
});

describe('a hold', () => {
	const input = (more: Partial<HoldInput> = {}): HoldInput =>
		holdInput.parse({ ids: [ordered.impersonationId], what: 'hold', reason: 'Inquiry 7', ...more });
	const isErased = async () =>
		(await desk.run(sql`SELECT FROM page WHERE id = ${ordered.pageId} AND erased_at IS NOT NULL`)).length > 0;
	const age = (days: number) =>
		desk.run(sql`UPDATE impersonation SET ended_at = clock_timestamp() - make_interval(days => ${days}::int)
			WHERE id = ${ordered.impersonationId}`);

	it('is for whoever may erase, of their own agency', async () => {
		const stranger = await signInStaff(
			desk.world.database.db,
			desk.world.agencies.south.agencyId,
			desk.world.agencies.south.staff.admin
		);
		await expect(desk.review.hold(sofia, input(), NO_ORIGIN)).rejects.toEqual(refusal('not_allowed'));
		await expect(desk.review.hold(stranger, input(), NO_ORIGIN)).rejects.toEqual(refusal('not_found'));
		expect(holdInput.safeParse({ ids: [], what: 'hold', reason: 'Inquiry 7' }).success).toBe(false);
		expect(holdInput.safeParse({ ids: ['x'], what: 'hold', reason: 'Inquiry 7' }).success).toBe(false);
	});

	it('keeps a recording from its age and from being erased, until it is released', async () => {
		const ids = [ordered.impersonationId, ordered.impersonationId];
		expect(await desk.review.hold(admin, input({ ids }), NO_ORIGIN)).toMatchObject({ done: 1, left: 0 });
		expect(await desk.review.hold(admin, input(), NO_ORIGIN)).toMatchObject({ done: 0, left: 1 });
		expect(await listed({ held: '1' })).toEqual([ordered.impersonationId]);
		await age(400);
		// What waits for a verdict is kept, too.
		await desk.run(sql`UPDATE review SET is_queued = false WHERE verdict IS NULL`);
		await desk.world.retention.expireRecordings();
		expect(await isErased()).toBe(false);
		const erase = desk.world.retention.eraseRecording(
			admin,
			{ impersonationId: ordered.impersonationId, reason: 'Asked for', name: north().clients.assigned.name },
			NO_ORIGIN
		);
		await expect(erase).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('Inquiry 7') as string
		});
		expect(await desk.review.hold(admin, input({ what: 'release' }), NO_ORIGIN)).toMatchObject({ done: 1 });
		await desk.world.retention.expireRecordings();
		expect(await isErased()).toBe(true);
		expect(await desk.review.hold(admin, input(), NO_ORIGIN)).toMatchObject({ done: 0, left: 1 });
	});
});
