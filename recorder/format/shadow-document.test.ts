import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EVENT, type Loose, type RecordedEvent } from './events.ts';
import { makeSafe } from './make-safe.ts';
import { ShadowDocument } from './shadow-document.ts';

const LIMITS = { maxNodes: 200_000, maxBytes: 64_000_000 };

type Checkout = RecordedEvent & { __c?: 1 };
const workloadFile = fileURLToPath(new URL('../../bench/data/workload-168s.json.gz', import.meta.url));
const workload = (): Checkout[] => JSON.parse(gunzipSync(readFileSync(workloadFile)).toString()).ev;

/** A tree as lines: what a person would see of it, without what rrweb's own snapshots write in two ways. */
function outline(node: Loose, depth = 0): string[] {
	const { type, tagName, textContent, id } = node as { type: number } & Record<string, string>;
	const attributes = { ...(node.attributes as Loose) };
	// An empty value and none look the same; the root's scroll stands in the snapshot's offset, too.
	if (attributes.value === '') delete attributes.value;
	// Of an unticked box rrweb's snapshot keeps the attribute it once had; a ticked one says `true`.
	if (attributes.checked === '') delete attributes.checked;
	if (tagName === 'html') delete attributes.rr_scrollTop;
	const own = Object.entries(attributes)
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => `${name}=${String(value)}`);
	const line = `${' '.repeat(depth)}${type} ${id} ${tagName ?? ''} ${own.join(' ')} ${textContent ?? ''}`;
	return [line, ...((node.childNodes as Loose[]) ?? []).flatMap((child) => outline(child, depth + 1))];
}
const outlineOf = (events: RecordedEvent[]): string[] =>
	events
		.filter(({ type }) => type === EVENT.fullSnapshot)
		.flatMap(({ data }) => outline((data as { node: Loose }).node));

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

function resumed(from: ShadowDocument, at: number): ShadowDocument {
	const again = new ShadowDocument(LIMITS);
	for (const event of from.checkpoint(at)) again.apply(event);
	return again;
}

describe('the workload', () => {
	it.each([
		['as recorded', (events: Checkout[]) => events],
		['made safe', (events: Checkout[]) => makeSafe(events, { allowedAssets: () => null })]
	])(
		'equals the page at each of its own snapshots, also resumed from checkpoints: %s',
		(_name, prepare) => {
			const events = workload();
			const isCheckout = events.map(({ __c }) => __c === 1);
			const prepared = prepare(events);
			expect(prepared).toHaveLength(events.length);
			const next = random(20_261_123);
			let documents = [new ShadowDocument(LIMITS)];
			let compared = 0;
			for (const [place, event] of prepared.entries()) {
				if (isCheckout[place]) {
					if (event.type !== EVENT.fullSnapshot) continue;
					const page = outlineOf([event]);
					for (const document of documents) {
						const ours = outlineOf(document.checkpoint(1));
						// Thousands of lines: a matcher that explains is only asked where there is something to explain.
						if (ours.join('\n') !== page.join('\n')) expect(ours, `snapshot at event ${place}`).toEqual(page);
						compared++;
					}
					documents = documents.slice(0, 1);
					continue;
				}
				for (const document of documents) document.apply(event);
				const [first] = documents;
				if (first?.state === 'whole' && next() < 0.006) documents.push(resumed(first, event.timestamp));
			}
			expect(compared).toBeGreaterThan(20);
			expect(documents[0]?.state).toBe('whole');
		},
		60_000
	);
});
