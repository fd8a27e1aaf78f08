import { describe, expect, it } from 'vitest';
import { EVENT, type RecordedEvent } from './events.ts';
import { makeSafe } from './make-safe.ts';
import { FAULT_TAG, faultsIn, MAX_FAULT_TEXT, MAX_FAULT_WHERE, type PageFault } from './page-fault.ts';

const event = (payload: unknown): RecordedEvent => ({
	type: EVENT.custom,
	timestamp: 1,
	data: { tag: FAULT_TAG, payload }
});
const safe = (payload: unknown): unknown =>
	makeSafe([event(payload)], { allowedAssets: () => null }).map(
		({ data }) => (data as { payload: unknown }).payload
	)[0];

const ERROR: PageFault = {
	kind: 'error',
	text: 'x is not a function',
	where: '/app.js:10:5',
	method: '',
	status: 0,
	times: 2
};

describe('a fault of the page', () => {
	it('is kept as it was told, and nothing beside it [B16]', () => {
		expect(safe({ ...ERROR, body: 'a secret', stack: 'x' })).toEqual(ERROR);
		const request = {
			kind: 'request',
			text: 'no',
			where: '/api?page=2',
			method: 'POST',
			status: 503,
			times: 1
		};
		expect(safe(request)).toEqual({ ...request, text: '' });
	});
	it('is cut to a line however large, and says nothing that hides what follows', () => {
		const huge = safe({ ...ERROR, text: `a\n\u202e\u0000b${'x'.repeat(2_000_000)}`, where: 'y'.repeat(9e5) });
		expect(huge).toMatchObject({ text: expect.stringMatching(/^a bx+$/) });
		expect((huge as PageFault).text.length).toBeLessThanOrEqual(MAX_FAULT_TEXT);
		expect((huge as PageFault).where).toHaveLength(MAX_FAULT_WHERE);
	});
	it('with numbers and words of no sense is told without them', () => {
		expect(
			safe({ kind: 'request', text: {}, where: ['x'], method: '<b>', status: Number.NaN, times: -3 })
		).toEqual({ kind: 'request', text: '', where: '', method: '', status: 0, times: 1 });
		expect(safe({ ...ERROR, times: 1e12 })).toMatchObject({ times: 100_000 });
	});
	it('of an unknown kind, or none, is no fault', () => {
		for (const other of [null, [], 'error', { ...ERROR, kind: 'warning' }, {}])
			expect(safe(other)).toBeUndefined();
	});
});

describe('faults in a batch', () => {
	it('are found with the number of their event', () => {
		const other = { type: EVENT.custom, timestamp: 1, data: { tag: 'key', payload: null } };
		expect(faultsIn([other, event(ERROR), event({ kind: 'odd' }), event(ERROR)])).toEqual([
			{ event: 1, fault: ERROR },
			{ event: 3, fault: ERROR }
		]);
	});
	it('are at most as many as a page of ours tells', () => {
		expect(faultsIn(Array.from({ length: 10_000 }, () => event(ERROR)))).toHaveLength(30);
	});
});
