import { describe, expect, it } from 'vitest';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { CATCH_UP_BUFFER_BYTES, WATCHER_BUFFER_BYTES } from './hub-limits.ts';
import type { PackedPicture } from './page-pictures.ts';
import { PageStream } from './page-stream.ts';

const batch = (seq: number): StoredBatch => ({
	impersonationId: 'i',
	pageId: 'p',
	seq,
	receivedAt: 0,
	offsetMs: 0,
	bytes: new Uint8Array()
});

const pictureAt = (seq: number): PackedPicture => ({
	header: { pageId: 'p', seq, offsetMs: 0, receivedAt: 0 },
	bytes: new Uint8Array()
});

/** A log whose reading can be held in the middle, and a connection that can be full. */
function stage(stored: number) {
	const log = Array.from({ length: stored }, (_, seq) => batch(seq));
	/** So many of the first batches left the log. */
	const gone = { gone: 0 };
	const sent: number[] = [];
	const told: string[] = [];
	const world = { buffered: 0, may: true, pauses: 0, onRead: (_seq: number): void => undefined };
	const stream = new PageStream({
		pageId: 'p',
		liveLog: {
			got: () => log.length - 1,
			read: async function* (_page, from = 0) {
				for (const one of log.slice(Math.max(from, gone.gone))) {
					await Promise.resolve();
					world.onRead(one.seq);
					yield one;
				}
			}
		},
		send: ({ seq }) => sent.push(seq),
		sendPicture: ({ header }) => told.push(`picture ${header.seq}`),
		bufferedBytes: () => world.buffered,
		mayDeliver: () => world.may,
		onBehind: () => told.push('behind'),
		onHeadless: () => told.push('headless'),
		onFailed: (error) => told.push(String(error)),
		pause: () => {
			world.pauses++;
			world.buffered = 0;
			return Promise.resolve();
		}
	});
	/** Stored by another hub. */
	const unheard = (): void => void log.push(batch(log.length));
	/** As the hub does: what is taken is sent in that turn. */
	const deliver = (one: StoredBatch): void => {
		if (stream.takes(one)) sent.push(one.seq);
	};
	const store = (): void => {
		unheard();
		const last = log.at(-1);
		if (last) deliver(last);
	};
	return { stream, sent, told, world, deliver, store, unheard, log: gone };
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

	it('begins with a picture and goes on with the next number, whatever is stored while it is made [V7]', async () => {
		const { stream, sent, told, store } = stage(5);
		const { promise, resolve } = Promise.withResolvers<PackedPicture | null>();
		const beginning = stream.begin(promise);
		store();
		store();
		resolve(pictureAt(4));
		await beginning;
		store();
		expect(told).toEqual(['picture 4']);
		expect(sent).toEqual([5, 6, 7]);
	});

	it('shows no picture to one who lost the right or turned to another page meanwhile [V1, V7]', async () => {
		const lost = stage(5);
		lost.world.may = false;
		await lost.stream.begin(Promise.resolve(pictureAt(4)));
		expect([lost.told, lost.sent]).toEqual([['behind'], []]);
		const turned = stage(5);
		turned.stream.stop();
		await turned.stream.begin(Promise.resolve(pictureAt(4)));
		expect([turned.told, turned.sent]).toEqual([[], []]);
	});

	it('starts anew instead of showing what follows a hole [V4]', async () => {
		const { stream, deliver, sent, told } = stage(2);
		await stream.catchUp();
		deliver(batch(3));
		deliver(batch(4));
		expect([sent, told]).toEqual([[0, 1], ['behind']]);
	});

	it('reads in the log what lies before a batch that came by another way, without hole or double [V4]', async () => {
		const { stream, sent, told, world, store, unheard } = stage(2);
		await stream.catchUp();
		unheard();
		unheard();
		store();
		await expect.poll(() => sent).toEqual([0, 1, 2, 3, 4]);
		store();
		unheard();
		stream.nudge();
		await expect.poll(() => sent).toEqual([0, 1, 2, 3, 4, 5, 6]);
		stream.nudge();
		world.onRead = () => {
			throw new Error('the log is away');
		};
		unheard();
		stream.nudge();
		await expect.poll(() => told).toEqual(['Error: the log is away']);
		store();
		expect(sent).toHaveLength(7);
	});

	it('is behind when the log has no more what comes next, once it has begun [V4]', async () => {
		const { stream, sent, told, unheard, log } = stage(2);
		await stream.catchUp();
		for (let n = 0; n < 4; n++) unheard();
		log.gone = 4;
		stream.nudge();
		await expect.poll(() => told).toEqual(['behind']);
		expect(sent).toEqual([0, 1]);
	});

	it('does not wait for what the log had and has no more, and says that nothing can be shown of it', async () => {
		const { stream, deliver, sent, told, log } = stage(4);
		log.gone = 3;
		await stream.catchUp();
		deliver(batch(4));
		expect(sent).toEqual([3, 4]);
		expect(told).toEqual(['headless']);
		const empty = stage(4);
		empty.log.gone = 4;
		await empty.stream.catchUp();
		empty.deliver(batch(4));
		expect(empty.sent).toEqual([4]);
	});
});
