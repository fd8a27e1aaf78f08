import { describe, expect, it } from 'vitest';
import { readFromFrame, readToFrame, wrap } from './frame-protocol.ts';

const film = {
	startAt: 0,
	endAt: 10,
	isRunning: false,
	pages: [
		{
			pageId: 'p',
			firstEventAt: 0,
			lastEventAt: 9,
			blocks: [
				{ id: 'b', firstSeq: 0, lastSeq: 4, fromAt: 0, toAt: 9, checkpoint: 'empty', activity: 'AQ==' }
			],
			tailFrom: null
		}
	]
};
const tail = { checkpoint: 'continued', lastSeq: 5, hasMore: true };
const stretch = {
	pageId: 'p',
	at: 0,
	ms: 10,
	by: { staffId: 's', name: 'Sofia' },
	places: [{ node: 1, x: 0, y: 0, ms: 0 }],
	strokes: [{ node: 1, points: [[0, 0]] }]
};
const header = { pageId: 'p', seq: 0, offsetMs: 0, receivedAt: 0 };

describe('messages of the frame', () => {
	it('are read when whole', () => {
		const batch = { header, bytes: new ArrayBuffer(1) };
		for (const message of [
			{ kind: 'live:batch', batch },
			{ kind: 'replay:open', film, at: 5 },
			{ kind: 'replay:piece', request: 1, bytes: new ArrayBuffer(1), tail: null },
			{ kind: 'replay:piece', request: 1, bytes: new ArrayBuffer(1), tail },
			{ kind: 'replay:shown', stretches: [stretch] },
			{ kind: 'replay:none', request: 1, why: 'gone' }
		])
			expect(readToFrame(wrap(message))).toBe(message);
		const wants = { kind: 'wants', request: 3, wanted: { kind: 'tail', pageId: 'p', from: 2 } };
		expect(readFromFrame(wrap(wants))).toBe(wants);
		expect(readFromFrame(wrap({ kind: 'time', ms: 5 }))).toEqual({ kind: 'time', ms: 5 });
	});
	it.each([
		undefined,
		{ kind: 'hello' },
		wrap({ kind: 'constructor' }),
		wrap({ kind: 'toString' }),
		wrap({ kind: 'live:batch', batch: { header, bytes: [1] } }),
		wrap({ kind: 'live:batch', batch: { header: { ...header, seq: 'x' }, bytes: new ArrayBuffer(1) } }),
		wrap({
			kind: 'replay:open',
			film: { ...film, pages: [{ ...film.pages[0], blocks: [{ id: 'b' }] }] },
			at: 0
		}),
		wrap({ kind: 'replay:open', film: { ...film, startAt: '0' }, at: 0 }),
		wrap({ kind: 'replay:piece', request: 1, bytes: new ArrayBuffer(1), tail: { ...tail, checkpoint: 'x' } }),
		wrap({ kind: 'replay:none', request: 1, why: 'because' }),
		wrap({ kind: 'replay:shown', stretches: [{ ...stretch, by: 'Sofia' }] }),
		wrap({ kind: 'replay:shown', stretches: [{ ...stretch, strokes: [{ node: 1, points: [[0, '0']] }] }] }),
		wrap({ kind: 'replay:seek', ms: Number.NaN }),
		wrap({ kind: 'replay:skip', isOn: 1 }),
		wrap({ kind: 'state', state: 'playing' })
	])('are as if never sent when they are anything else: %j', (data) => {
		expect(readToFrame(data)).toBeNull();
	});
	it('from the frame carry no more than their shape allows', () => {
		for (const message of [
			{ kind: 'state', state: '<img>' },
			{ kind: 'size', width: -1, height: 1 },
			{ kind: 'wants', request: 1, wanted: { kind: 'block', blockId: 'x'.repeat(101) } },
			{ kind: 'wants', request: 1, wanted: { kind: 'tail', pageId: 'p', from: -1 } },
			{ kind: 'wants', request: 1, wanted: { kind: 'file' } },
			{ kind: 'loading', loading: '<img>' },
			{ kind: 'picture', hasPicture: 1 },
			{ kind: 'shown', pageId: 'x'.repeat(101), seq: 1, at: 1 }
		])
			expect(readFromFrame(wrap(message))).toBeNull();
	});
});
