// The judge of the fault suite must be able to say no: each thing that may go wrong, done to a good recording.
import { describe, expect, it } from 'vitest';
import { CUSTOM_TAGS, EVENT, SOURCE, type RecordedEvent } from '#recorder/format/events.ts';
import { countText, findFaults, saidIn, type Kept, type Said } from './count-check.ts';

const good = (): Kept[] => [
	{ seq: 0, said: [] },
	{ seq: 1, said: [1, 2] },
	{ seq: 2, said: [3] },
	{ seq: 3, said: [4, 5] }
];
const traceOf = (kept: readonly Kept[], acknowledged = 3) => ({
	acknowledged,
	promised: new Map<number, Said>(kept.map(({ seq, said }) => [seq, [...said]]))
});
const judge = (kept: readonly Kept[], last?: number) => findFaults(traceOf(good()), kept, last);

describe('the judge of a recording', () => {
	it('finds nothing in a good one, whether it begins at 1 or later', () => {
		expect(judge(good(), 5)).toEqual([]);
		expect(
			findFaults(
				{ acknowledged: 1, promised: new Map() },
				[
					{ seq: 0, said: [] },
					{ seq: 1, said: [17, 18] }
				],
				18
			)
		).toEqual([]);
	});

	it('finds a lost batch that was acknowledged, in the middle and at the end', () => {
		expect(judge(good().filter(({ seq }) => seq !== 2))).toEqual([
			'batch 2 was acknowledged and is not there'
		]);
		expect(judge(good().slice(0, 3))).toEqual(['batch 3 was acknowledged and is not there']);
		expect(judge([])).toHaveLength(4);
	});

	it('finds a lost event inside a batch', () => {
		const kept = good();
		kept[1]!.said = [2];
		expect(judge(kept)).toEqual(['batch 1 was acknowledged with [1,2] and holds [2]']);
		kept[1]!.said = [1];
		expect(judge(kept)).toContain('2 to 2 are missing and nothing says so');
	});

	it('finds a doubled batch and a doubled event', () => {
		const kept = good();
		expect(judge([...kept.slice(0, 3), kept[2]!, kept[3]!])).toEqual([
			'batch 2 is there twice',
			'3 comes again after 3'
		]);
		kept[2]!.said = [3, 3];
		expect(judge(kept)).toContain('3 comes again after 3');
	});

	it('finds swapped batches and swapped events', () => {
		const [a, b, c, d] = good() as [Kept, Kept, Kept, Kept];
		expect(judge([a, c, b, d])).toContain('batch 1 comes after 2');
		b.said = [2, 1];
		expect(judge([a, b, c, d])).toContain('1 comes again after 2');
	});

	it('finds a hole that nothing marks, and lets one pass that is marked', () => {
		const [a, b, , d] = good() as [Kept, Kept, Kept, Kept];
		const trace = { ...traceOf([a, b], 1) };
		expect(findFaults(trace, [a, b, { seq: 2, said: [9] }])).toEqual([
			'3 to 8 are missing and nothing says so'
		]);
		expect(findFaults(trace, [a, b, { seq: 2, said: ['gap', 9] }], 9)).toEqual([]);
		expect(findFaults(trace, [a, b, d], 5)).toEqual([]);
	});

	it('takes no mark in the place of what was acknowledged', () => {
		const kept = good();
		kept[2]!.said = ['gap'];
		expect(judge(kept)).toEqual(['batch 2 was acknowledged with [3] and holds [gap]']);
	});

	it('finds an end that is missing, unless it is marked', () => {
		expect(judge(good(), 6)).toEqual(['it counted to 6 and is recorded to 5']);
		expect(judge([...good(), { seq: 4, said: ['gap'] }], 6)).toEqual([]);
	});
});

it('reads the count from changed texts, added texts and marks, and from nothing else', () => {
	const mutation = (data: object): RecordedEvent => ({
		type: EVENT.incremental,
		timestamp: 1,
		data: { source: SOURCE.mutation, texts: [], adds: [], removes: [], attributes: [], ...data }
	});
	expect(
		saidIn([
			{ type: EVENT.fullSnapshot, timestamp: 1, data: { node: { textContent: countText(3) } } },
			mutation({ texts: [{ id: 1, value: countText(4) }] }),
			mutation({ adds: [{ node: { textContent: countText(5) } }, { node: { textContent: '12' } }] }),
			{ type: EVENT.custom, timestamp: 1, data: { tag: CUSTOM_TAGS.dropped, payload: {} } },
			{ type: EVENT.custom, timestamp: 1, data: { tag: CUSTOM_TAGS.key } }
		])
	).toEqual([4, 5, 'gap']);
});
