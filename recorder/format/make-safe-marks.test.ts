import { describe, expect, it } from 'vitest';
import { EVENT, type RecordedEvent } from './events.ts';
import { makeSafe } from './make-safe.ts';

const mark = (tag: string, payload: unknown): RecordedEvent => ({
	type: EVENT.custom,
	timestamp: 1,
	data: { tag, payload }
});
const payloads = (...events: RecordedEvent[]): unknown[] =>
	makeSafe(events, { allowedAssets: () => null }).map(({ data }) => (data as { payload: unknown }).payload);

describe('marks of the recorder’s own', () => {
	it('say what was left out in exactly three numbers', () => {
		const dropped = { moves: 1, scrolls: 2, events: 3 };
		expect(payloads(mark('dropped', { ...dropped, html: '<script>' }))).toEqual([dropped]);
		expect(payloads(mark('dropped', { moves: 'x' }))).toEqual([{ moves: 0, scrolls: 0, events: 0 }]);
	});
	it('say what kept the page silent in known words', () => {
		const known = { what: 'offline', state: 'ends', ms: 250 };
		expect(payloads(mark('stretch', { ...known, note: 'x' }))).toEqual([known]);
		expect(payloads(mark('stretch', { ...known, ms: -5 }))).toEqual([{ ...known, ms: 0 }]);
		expect(
			payloads(
				mark('stretch', { ...known, what: 'asleep' }),
				mark('stretch', { ...known, state: 'goes on' }),
				mark('stretch', null)
			)
		).toEqual([]);
	});
});
