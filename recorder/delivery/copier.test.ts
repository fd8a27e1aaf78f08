import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryWorld } from '#support/delivery-kit.ts';
import { unpackCopy } from './copy-format.ts';
import { Copier } from './copier.ts';
import type { CopySeal } from './copy-seal.ts';
import { COPY_EVERY_MS, KEEP_BYTES } from './limits.ts';
import type { Batch } from './uplink.ts';

const MB = 1024 * 1024;
const batch = (seq: number, size = 1): Batch => ({
	seq,
	bytes: new Uint8Array(size),
	clock: { wall: 1, mono: 1 }
});

let store: DeliveryWorld['store'];
let copier: Copier;
/** Lets what is being sealed be done; until then it is under way. */
let sealed: (() => void)[];

const plain = { how: 'gcm', iv: new Uint8Array() } as const;
const slowSeal: CopySeal = {
	name: 'key',
	seal: (bytes) => new Promise((resolve) => sealed.push(() => resolve({ ...plain, bytes }))),
	sealNow: (bytes) => (bytes.length > MB ? null : { ...plain, bytes }),
	open: ({ bytes }) => Promise.resolve(bytes)
};

const finishSealing = async (): Promise<void> => {
	await vi.advanceTimersByTimeAsync(COPY_EVERY_MS);
	for (const done of sealed.splice(0)) done();
	await vi.advanceTimersByTimeAsync(0);
};
/** Numbers in the copies, a list for each. */
const stored = (): number[][] =>
	[...store.kept.values()].map(
		({ sealed: { bytes } }) => unpackCopy(bytes)?.batches.map(({ seq }) => seq) ?? []
	);

beforeEach(() => {
	vi.useFakeTimers();
	({ store } = new DeliveryWorld());
	sealed = [];
	copier = new Copier({ pageId: 'page', ticket: 'ticket', store });
});
afterEach(() => void vi.useRealTimers());

describe('copies of a page', () => {
	it('are made of what came together, once the key is there, and let go with what is safe', async () => {
		copier.add(batch(0));
		copier.add(batch(1));
		await finishSealing();
		expect(stored()).toEqual([]);
		copier.open(slowSeal);
		await finishSealing();
		copier.add(batch(2));
		await finishSealing();
		expect(stored()).toEqual([[0, 1], [2]]);
		copier.keepAbove(0);
		expect(stored()).toEqual([[0, 1], [2]]);
		copier.keepAbove(1);
		expect(stored()).toEqual([[2]]);
		copier.stop();
	});
	it('are written at once when the document goes, what is being sealed included, oldest first as far as it fits', async () => {
		copier.open(slowSeal);
		copier.add(batch(0));
		await vi.advanceTimersByTimeAsync(COPY_EVERY_MS);
		copier.add(batch(1));
		copier.add(batch(2, 2 * MB));
		copier.add(batch(3));
		copier.writeNow();
		expect(stored()).toEqual([[0, 1]]);
		copier.stop();
	});
	it('never hold what was given up while it was being sealed', async () => {
		const kept = batch(0);
		copier.open(slowSeal);
		copier.add(kept);
		copier.add(batch(1));
		await vi.advanceTimersByTimeAsync(COPY_EVERY_MS);
		copier.restart([kept]);
		for (const done of sealed.splice(0)) done();
		await finishSealing();
		expect(stored()).toEqual([[0]]);
		copier.stop();
	});
	it('take at most 50 MB of the browser, the latest', async () => {
		copier.open(slowSeal);
		for (let seq = 0; seq < 60; seq++) {
			copier.add(batch(seq, MB));
			await finishSealing();
		}
		const numbers = stored().flat();
		expect(numbers.length).toBeLessThanOrEqual(KEEP_BYTES / MB);
		expect([numbers.at(-1), numbers.length]).toEqual([59, 49]);
		copier.stop();
	});
	it('are not made where there is no key', async () => {
		copier.add(batch(0));
		copier.open(null);
		copier.add(batch(1));
		await finishSealing();
		copier.writeNow();
		expect(stored()).toEqual([]);
	});
});
