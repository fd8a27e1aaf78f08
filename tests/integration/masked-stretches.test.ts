// When something masked was on the screen: from sealed blocks of two tabs to a recording's timeline, and gone with the recording.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { HIDDEN } from '#recorder/capture/scrub.ts';
import { encodeBatch, EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';
import { DeskProcess } from '#support/desk-process.ts';
import { recordPage, type Impersonated } from '#support/impersonate.ts';
import { RecordingsWorld } from '#support/recordings-world.ts';
import type { SeededAgency } from '#support/two-agencies.ts';

let world: RecordingsWorld;
let inside: Impersonated;
let reviewer: StaffActor;

const START = Date.now() - 60_000;
const WORDS = 21;
const OTHER = 23;
const MASKED = '████ ██';
const MOUSE = { click: 2 };

const run = (statement: ReturnType<typeof sql>) => world.database.db.execute(statement);
const desk = () => world.process({}, new DeskProcess()).recordings;
const instant = (afterMs: number) => sql`to_timestamp(${START + afterMs}::float8 / 1000)`;
const read = () => world.recordings.read(reviewer, { impersonationId: inside.impersonationId });
const rows = async () => [
	...(await run(sql`
		SELECT page_id, kind, from_at, to_at, is_on FROM masked_stretch WHERE impersonation_id = ${inside.impersonationId}
		ORDER BY from_at, kind`))
];

const element = (id: number, tagName: string, childNodes: Loose[]): Loose => ({
	type: 2,
	id,
	tagName,
	attributes: {},
	childNodes
});
const says = (id: number, textContent: string): Loose => ({ type: 3, id, textContent });

/** A page of two sentences. */
function picture(after: number, words: string): RecordedEvent[] {
	const body = element(5, 'body', [
		element(20, 'p', [says(WORDS, words)]),
		element(22, 'p', [says(OTHER, 'Tick')])
	]);
	const node = { type: 0, id: 1, childNodes: [element(3, 'html', [element(4, 'head', []), body])] };
	const timestamp = START + after;
	const meta = { href: 'http://portal.test/account', width: 1_200, height: 800 };
	return [
		{ type: EVENT.meta, timestamp, data: meta },
		{ type: EVENT.fullSnapshot, timestamp, data: { node, initialOffset: { top: 0, left: 0 } } }
	];
}
/** The words become others. */
function changes(after: number, value: string, id = WORDS): RecordedEvent {
	const data = { source: SOURCE.mutation, adds: [], removes: [], attributes: [], texts: [{ id, value }] };
	return { type: EVENT.incremental, timestamp: START + after, data };
}
const clicks = (after: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp: START + after,
	data: { source: SOURCE.mouseInteraction, type: MOUSE.click, id: 20, x: 1, y: 1 }
});

/** A page as the hub stores it, sealed. Batches lie so far apart that they make several blocks. */
async function recorded(pageId: string, batches: RecordedEvent[][]): Promise<void> {
	const { impersonationId } = inside;
	const times = batches.map((events) => events[0]!.timestamp);
	for (const [seq, events] of batches.entries()) {
		const receivedAt = times[seq]! + 20;
		const bytes = encodeBatch(events);
		await world.liveLog.append({ impersonationId, pageId, seq, receivedAt, offsetMs: 0, bytes });
	}
	const [first, last] = [times[0]! - START, times.at(-1)! - START];
	await run(sql`UPDATE page SET opened_at = ${instant(first)}, first_event_at = ${instant(first)},
		last_event_at = ${instant(last)} WHERE id = ${pageId}`);
	await desk().seal(pageId);
}

/** One tab that masks and shows, another one beside it that masks all the while, and the first again. */
async function recordedTabs(agency: SeededAgency): Promise<Impersonated> {
	inside = await world.impersonate(agency);
	await run(sql`UPDATE impersonation SET started_at = ${instant(0)} WHERE id = ${inside.impersonationId}`);
	const second = await world.kit.openPage(inside.actor, '/account');
	await recordPage(world.database.db, second.pageId);
	await recorded(inside.pageId, [
		picture(1_000, 'Hello'),
		[changes(5_000, MASKED)],
		[changes(16_000, 'Tock', OTHER)],
		[changes(20_000, 'Hello')],
		[clicks(30_000), changes(30_000, `Card ${HIDDEN}`)],
		[changes(32_000, 'Tick', OTHER)]
	]);
	await recorded(second.pageId, [picture(24_000, MASKED)]);
	await run(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back', ended_at = ${instant(40_000)}
		WHERE id = ${inside.impersonationId}`);
	return inside;
}

beforeAll(async () => {
	world = await RecordingsWorld.open();
	const { north, south } = world.agencies;
	reviewer = await world.supervisor(north);
	await recordedTabs(south);
	await recordedTabs(north);
});
afterAll(() => world.close());

it('is nothing that is known before the recording is read, and then what the page on the screen masked', async () => {
	expect((await read()).masked).toEqual([]);
	expect(await desk().index()).toBe(8);
	const { masked, isMaskedKnown, lengthMs } = await read();
	expect(lengthMs).toBe(40_000);
	expect(masked).toEqual([
		{ kind: 'personal', from: 5_000, to: 20_000 },
		// The other tab masks until the end, but is not on the screen any more.
		{ kind: 'personal', from: 24_000, to: 30_000 },
		{ kind: 'withheld', from: 30_000, to: 40_000 }
	]);
	expect(isMaskedKnown).toBe(true);
});

it('is the same where the index is made anew', async () => {
	const before = await rows();
	expect(before).toHaveLength(3);
	await run(sql`DELETE FROM seen_text WHERE impersonation_id = ${inside.impersonationId}`);
	await run(sql`UPDATE page SET indexed_seq = -1 WHERE impersonation_id = ${inside.impersonationId}`);
	expect(await desk().index()).toBe(4);
	expect(await rows()).toEqual(before);
});

it('is not told until the end while something is not sealed yet', async () => {
	const { impersonationId, pageId } = inside;
	const batch = { impersonationId, pageId, receivedAt: START + 35_000, offsetMs: 0 };
	await world.liveLog.append({ ...batch, seq: 6, bytes: encodeBatch([changes(35_000, 'Hello')]) });
	expect((await read()).masked.at(-1)).toEqual({ kind: 'withheld', from: 30_000, to: 32_000 });
	await desk().seal(pageId);
	expect((await read()).masked.at(-1)).toEqual({ kind: 'withheld', from: 30_000, to: 32_000 });
	await desk().index();
	expect((await read()).masked.at(-1)).toEqual({ kind: 'withheld', from: 30_000, to: 35_000 });
});

it('is said to be unknown of a page from before it was noted', async () => {
	await run(sql`UPDATE page SET masks_known = false WHERE id = ${inside.pageId}`);
	expect((await read()).isMaskedKnown).toBe(false);
	await run(sql`UPDATE page SET masks_known = true WHERE id = ${inside.pageId}`);
	expect((await read()).isMaskedKnown).toBe(true);
});

it('goes with the recording, and with no other', async () => {
	await run(
		sql`UPDATE impersonation SET ended_at = now() - interval '91 days' WHERE id = ${inside.impersonationId}`
	);
	await world.retention.expireRecordings();
	expect(await rows()).toEqual([]);
	const left = await run(sql`SELECT DISTINCT agency_id FROM masked_stretch`);
	expect([...left]).toEqual([{ agency_id: world.agencies.south.agencyId }]);
	expect((await read()).masked).toEqual([]);
});
