import { describe, expect, it } from 'vitest';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { CATCH_UP_BUFFER_BYTES, WATCHER_BUFFER_BYTES } from './hub-limits.ts';
import { PageStream } from './page-stream.ts';

const batch = (seq: number): StoredBatch => ({
	impersonationId: 'i',
	pageId: 'p',
	seq,
	receivedAt: 0,
	offsetMs: 0,
	bytes: new Uint8Array()
});

/** A log whose reading can be held in the middle, and a connection that can be full. */
function stage(stored: number) {
	const log = Array.from({ length: stored }, (_, seq) => batch(seq));
	const sent: number[] = [];
	const told: string[] = [];
	const world = { buffered: 0, may: true, pauses: 0, onRead: (_seq: number): void => undefined };
	const stream = new PageStream({
		pageId: 'p',
		liveLog: {
			got: () => log.length - 1,
			read: async function* (_page, from = 0) {
				for (const one of log.slice(from)) {
					await Promise.resolve();
					world.onRead(one.seq);
					yield one;
				}
			}
		},
		send: ({ seq }) => sent.push(seq),
		bufferedBytes: () => world.buffered,
		mayDeliver: () => world.may,
		onBehind: () => told.push('behind'),
		pause: () => {
			world.pauses++;
			world.buffered = 0;
			return Promise.resolve();
		}
	});
	const store = (): void => {
		log.push(batch(log.length));
		const last = log.at(-1);
		if (last) stream.deliver(last);
	};
	return { stream, sent, told, world, store };
}

describe('a page on its way to a watcher', () => {
	it('reads what is stored, goes live, and sends each batch once whenever it was stored [V4]', async () => {
		for (let during = 0; during < 5; during++) {
			const { stream, sent, world, store } = stage(5);
			world.onRead = (seq) => {
				if (seq === during) store();
			};
			await stream.catchUp();
			store();
			store();
			expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		}
	});

	it('is cut off once too much is unsent, is told so, and is sent nothing more [V5]', async () => {
		const { stream, sent, told, world, store } = stage(1);
		await stream.catchUp();
		world.buffered = WATCHER_BUFFER_BYTES + 1;
		store();
		world.buffered = 0;
		store();
		expect(sent).toEqual([0]);
		expect(told).toEqual(['behind']);
	});

	it('waits for the connection while catching up instead of holding the recording in memory [V5]', async () => {
		const { stream, sent, world } = stage(4);
		world.onRead = () => {
			world.buffered = CATCH_UP_BUFFER_BYTES + 1;
		};
		await stream.catchUp();
		expect(world.pauses).toBe(4);
		expect(sent).toEqual([0, 1, 2, 3]);
	});

	it('shows nothing once the right is gone, neither from the log nor live [V1]', async () => {
		const { stream, sent, told, world, store } = stage(4);
		world.onRead = (seq) => {
			world.may = seq < 2;
		};
		await stream.catchUp();
		store();
		expect(sent).toEqual([0, 1]);
		expect(told).toEqual(['behind']);
	});

	it('ends silently when the watcher follows another page', async () => {
		const { stream, sent, told, world } = stage(4);
		world.onRead = (seq) => {
			if (seq === 1) stream.stop();
		};
		await stream.catchUp();
		expect(sent).toEqual([0]);
		expect(told).toEqual([]);
	});
});
