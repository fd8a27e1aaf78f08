import { describe, expect, it } from 'vitest';
import { HIDDEN } from '#recorder/capture/scrub.ts';
import { decodePayload, encodePayload } from '#recorder/format/block-payload.ts';
import { frameBatch } from '#recorder/format/block-frames.ts';
import { encodeBatch, EVENT, SOURCE, type RecordedEvent } from '#recorder/format/events.ts';
import { FAULT_TAG } from '#recorder/format/page-fault.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { MAX_LINE } from './seen-limits.ts';
import { readSeenText, type SeenBefore } from './seen-text.ts';
import type { HeldRow } from './seen-lines.ts';

const START = 1_000_000;
const LIMITS = { maxNodes: 10_000, maxBytes: 1e8 };
const ROOM = { chars: 100_000, rows: 100 };

const element = (id: number, tagName: string, childNodes: object[]) => ({
	type: 2,
	id,
	tagName,
	attributes: {},
	childNodes
});
const text = (id: number, textContent: string) => ({ type: 3, id, textContent });
const picture = (at: number, ...lines: string[]): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp: at,
	data: {
		node: {
			type: 0,
			id: 1,
			childNodes: [
				element(2, 'html', [
					element(3, 'head', [element(4, 'title', [text(5, '◉ Bea · Invoices · Northwind')])]),
					element(
						6,
						'body',
						lines.map((line, n) => element(10 + 2 * n, 'p', [text(11 + 2 * n, line)]))
					)
				])
			]
		},
		initialOffset: { top: 0, left: 0 }
	}
});
/** The words of line `n` become others. */
const says = (at: number, n: number, value: string): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp: at,
	data: { source: SOURCE.mutation, adds: [], removes: [], attributes: [], texts: [{ id: 11 + 2 * n, value }] }
});

/** Reads a block whose batches hold one event each. */
function read(
	events: RecordedEvent[],
	{
		before = {},
		checkpoint = [],
		clockAt = Number.NEGATIVE_INFINITY,
		firstSeq = 0
	}: {
		before?: Partial<SeenBefore>;
		checkpoint?: RecordedEvent[];
		clockAt?: number;
		firstSeq?: number;
	} = {}
) {
	const frames = events.map((event, n) =>
		frameBatch({
			seq: firstSeq + n,
			receivedAt: event.timestamp + 5,
			offsetMs: 0,
			bytes: encodeBatch([event])
		})
	);
	const payload = decodePayload(encodePayload({ checkpoint, clockAt, frames }));
	return readSeenText(payload, new ShadowDocument(LIMITS), {
		fromSeq: 0,
		held: [],
		room: ROOM,
		masks: [],
		...before
	});
}
const told = (events: RecordedEvent[], options = {}) =>
	read(events, options).added.map(({ fromAt, lines, gone }) => ({ at: fromAt - START, lines, gone }));

describe('readSeenText', () => {
	it('makes a row of what came together, and of each line says when it went', () => {
		expect(
			told([
				picture(START, 'Invoice 1042', 'Flour'),
				says(START + 3_000, 1, 'Sugar'),
				says(START + 5_000, 1, 'Salt')
			])
		).toEqual([
			{ at: 0, lines: ['Invoices', 'Invoice 1042', 'Flour'], gone: [null, null, 3_000] },
			{ at: 3_000, lines: ['Sugar'], gone: [2_000] },
			{ at: 5_000, lines: ['Salt'], gone: [null] }
		]);
	});
	it('costs nothing while the screen stays, however much moves on it', () => {
		const moves = Array.from({ length: 50 }, (_, n) => says(START + 100 + n * 1_000, 0, 'Invoice 1042'));
		expect(told([picture(START, 'Invoice 1042'), ...moves])).toHaveLength(1);
	});
	it('leaves out what nobody could have read, and looks now and then at what never stands still', () => {
		const events = Array.from({ length: 101 }, (_, n) => says(START + 500 + n * 100, 0, `step ${n}`));
		const rows = told([picture(START, 'first'), ...events]);
		expect(rows[0]?.lines).toContain('first');
		expect(rows.length).toBeGreaterThan(4);
		expect(rows.length).toBeLessThan(10);
		expect(rows.at(-1)?.lines).toEqual(['step 100']);
	});
	it('is a row again when it comes back', () => {
		const rows = told([
			picture(START, 'Invoice 1042'),
			says(START + 1_000, 0, 'Home'),
			says(START + 2_000, 0, 'Invoice 1042')
		]);
		expect(rows.map(({ at, lines }) => [at, lines.at(-1)])).toEqual([
			[0, 'Invoice 1042'],
			[1_000, 'Home'],
			[2_000, 'Invoice 1042']
		]);
	});
	it('goes on from what the index holds: what still stands is not new, what went is ended', () => {
		const held: HeldRow[] = [
			{ id: '7', fromAt: START, lines: ['Invoices', 'Invoice 1042', 'Flour'], gone: [null, null, null] }
		];
		const { added, held: changed } = read([says(START + 12_000, 1, 'Salt')], {
			before: { fromSeq: 40, held },
			checkpoint: [picture(START + 10_000, 'Invoice 1042', 'Flour')],
			clockAt: START + 10_000,
			firstSeq: 40
		});
		expect(added.map(({ lines }) => lines)).toEqual([['Salt']]);
		expect(changed).toEqual([{ id: '7', gone: [null, null, 12_000] }]);
	});
	it('reads of a block that was merged only what is not in the index yet', () => {
		const events = [picture(START, 'One'), says(START + 2_000, 0, 'Two'), says(START + 4_000, 0, 'Three')];
		const held: HeldRow[] = [{ id: '1', fromAt: START, lines: ['Invoices', 'Two'], gone: [null, null] }];
		const { added, held: changed } = read(events, { before: { fromSeq: 2, held } });
		expect(added.map(({ lines }) => lines)).toEqual([['Three']]);
		expect(changed).toEqual([{ id: '1', gone: [null, 4_000] }]);
	});
	it('ends what it held where nothing is known of the screen', () => {
		const held: HeldRow[] = [{ id: '1', fromAt: START, lines: ['One'], gone: [null] }];
		const { held: changed } = read([says(START + 9_000, 0, 'Two')], {
			before: { fromSeq: 5, held },
			clockAt: START + 8_000,
			firstSeq: 5
		});
		expect(changed).toEqual([{ id: '1', gone: [8_000] }]);
	});
	it('keeps to its room, and goes on where there is room again', () => {
		const events = [picture(START, 'a'.repeat(50), 'Invoice 1042')];
		expect(told(events, { before: { room: { chars: 30, rows: 9 } } })[0]?.lines).toEqual([
			'Invoices',
			'Invoice 1042'
		]);
		expect(told(events, { before: { room: { chars: 1_000, rows: 0 } } })).toEqual([]);
	});
	it('takes hostile text as text: cut, without what the database refuses', () => {
		const long = 'word '.repeat(MAX_LINE);
		const [row] = read([picture(START, `a\0b\uD800c`, long)]).added;
		expect(row?.lines[1]).toBe('abc');
		expect(Math.max(...row!.lines.map(({ length }) => length))).toBeLessThanOrEqual(MAX_LINE);
		expect(row?.lines.slice(2).join(' ').length).toBeLessThanOrEqual(long.length);
		expect(row?.lines).toHaveLength(3);
	});
	it('reads past a batch that is none', () => {
		const broken = frameBatch({
			seq: 0,
			receivedAt: START,
			offsetMs: 0,
			bytes: new TextEncoder().encode('{')
		});
		const payload = decodePayload(encodePayload({ checkpoint: [], clockAt: START, frames: [broken] }));
		const before = { fromSeq: 0, held: [], room: ROOM, masks: [] };
		expect(readSeenText(payload, new ShadowDocument(LIMITS), before)).toEqual({
			added: [],
			held: [],
			faults: [],
			masked: []
		});
	});
	it('finds what went wrong in the page, in batches that are new to it', () => {
		const fault = { kind: 'error', text: 'x', where: '/a.js:1:1', method: '', status: 0, times: 1 } as const;
		const event = { type: EVENT.custom, timestamp: START + 5, data: { tag: FAULT_TAG, payload: fault } };
		const { faults } = read([picture(START, 'a'), event, { ...event, timestamp: START + 9 }], {
			before: { fromSeq: 2 }
		});
		expect(faults).toEqual([{ seq: 2, event: 0, at: START + 9, fault }]);
	});
});

describe('what was masked', () => {
	const masked = (events: RecordedEvent[], options = {}) =>
		read(events, options).masked.map(({ kind, from, to, isOn }) => [kind, from - START, to - START, isOn]);

	it('is told from when to when it stood, and goes on where the block ends', () => {
		expect(
			masked([
				picture(START, 'Call', 'Flour'),
				says(START + 2_000, 0, '████ ██'),
				says(START + 5_000, 0, 'Call'),
				says(START + 8_000, 1, HIDDEN),
				says(START + 9_000, 0, 'Mail')
			])
		).toEqual([
			['personal', 2_000, 5_000, false],
			['withheld', 8_000, 9_000, true]
		]);
	});
	it('is the same stretch in the block behind it', () => {
		const masks = [{ kind: 'personal', from: START, to: START + 10_000, isOn: true, nth: 1 }] as const;
		const options = { before: { fromSeq: 4, masks }, clockAt: START + 10_000, firstSeq: 4 };
		const checkpoint = [picture(START + 10_000, '████', 'Flour')];
		expect(masked([says(START + 14_000, 1, 'Salt')], { ...options, checkpoint })).toEqual([
			['personal', 0, 14_000, true]
		]);
		expect(masked([says(START + 14_000, 0, 'Call')], { ...options, checkpoint })).toEqual([
			['personal', 0, 14_000, false]
		]);
		// Of the screen behind a hole nothing is known.
		expect(masked([says(START + 14_000, 1, 'Salt')], options)).toEqual([['personal', 0, 10_000, false]]);
	});
	it('is nothing that nobody could have noticed', () => {
		expect(
			masked([picture(START, 'Call'), says(START + 2_000, 0, '████'), says(START + 2_100, 0, 'Call')])
		).toEqual([]);
	});
});
