import { describe, expect, it } from 'vitest';
import { readFromFrame, readToFrame, wrap } from './frame-protocol.ts';

const header = { pageId: 'p', seq: 0, offsetMs: 0, receivedAt: 0 };

describe('messages of the frame', () => {
	it('are read when whole', () => {
		const batch = { header, bytes: new ArrayBuffer(1) };
		for (const message of [
			{ kind: 'live:batch', batch },
			{ kind: 'replay:page', pageId: 'p', batches: [batch] }
		])
			expect(readToFrame(wrap(message))).toBe(message);
		expect(readFromFrame(wrap({ kind: 'time', ms: 5 }))).toEqual({ kind: 'time', ms: 5 });
	});
	it.each([
		undefined,
		{ kind: 'hello' },
		wrap({ kind: 'constructor' }),
		wrap({ kind: 'toString' }),
		wrap({ kind: 'live:batch', batch: { header, bytes: [1] } }),
		wrap({ kind: 'live:batch', batch: { header: { ...header, seq: 'x' }, bytes: new ArrayBuffer(1) } }),
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
			{ kind: 'shown', pageId: 'x'.repeat(101), seq: 1, at: 1 }
		])
			expect(readFromFrame(wrap(message))).toBeNull();
	});
});
