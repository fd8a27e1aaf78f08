// The recorded session of data/ as batches, as a page sends them.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';

export type Batch = { atMs: number; bytes: Uint8Array };

/** A watched page flushes each turn; 20 ms groups what one turn makes (recording.md §4.9). */
const BATCH_MS = 20;

/** The events of the whole session; checkouts in the page are not ours. */
export function readEvents(): RecordedEvent[] {
	const file = new URL('data/workload-168s.json.gz', import.meta.url);
	const { ev } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
		ev: (RecordedEvent & { __c?: 1 })[];
	};
	return ev.filter((event) => !event.__c);
}

/** The first seconds of it. */
export function readWorkload(seconds = Number.POSITIVE_INFINITY): Batch[] {
	const events = readEvents();
	const start = events[0]?.timestamp ?? 0;
	const groups = new Map<number, RecordedEvent[]>();
	for (const event of events) {
		const atMs = Math.floor((event.timestamp - start) / BATCH_MS) * BATCH_MS;
		if (atMs >= seconds * 1_000) continue;
		groups.set(atMs, [...(groups.get(atMs) ?? []), event]);
	}
	return [...groups].map(([atMs, group]) => ({ atMs, bytes: encodeBatch(group) }));
}
