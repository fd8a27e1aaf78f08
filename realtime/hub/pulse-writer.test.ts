import { expect, it } from 'vitest';
import { LEASE_MS } from '#protocol/limits.ts';
import type { Pulse } from '#server/usecases/live/note-pulses.ts';
import { PulseWriter } from './pulse-writer.ts';

function stage() {
	const written: (readonly Pulse[])[] = [];
	const world = { now: 1_000, isDown: false };
	const writer = new PulseWriter({
		write: (pulses) => {
			if (world.isDown) return Promise.reject(new Error('down'));
			written.push(pulses);
			return Promise.resolve();
		},
		now: () => world.now,
		onError: () => undefined
	});
	return { writer, written, world };
}

it('writes all pages in one statement, with ages instead of times where the database compares', async () => {
	const { writer, written, world } = stage();
	writer.note('i', 'a', { events: 2, bytes: 10, activityAt: 700, lastEventAt: 690, firstEventAt: 600 });
	writer.note('i', 'a', { events: 1, bytes: 5, activityAt: 800, lastEventAt: 790, firstEventAt: 780 });
	writer.note('i', 'b', { address: '/tasks', title: 'Tasks' });
	world.now = 1_500;
	await writer.flush();
	expect(written).toHaveLength(1);
	expect(written[0]).toMatchObject([
		{
			pageId: 'a',
			events: 3,
			bytes: 15,
			activityAgeMs: 700,
			firstEventAt: 600,
			lastEventAt: 790,
			beatAgeMs: null
		},
		{ pageId: 'b', address: '/tasks', title: 'Tasks', events: 0 }
	]);
});

it('writes the beat that opens the lease at once, further ones with the rest, and again before the lease runs out', async () => {
	const { writer, written } = stage();
	const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
	writer.beat('i', 'a', 1_000);
	await settled();
	expect(written).toHaveLength(1);
	writer.beat('i', 'a', 5_000);
	await settled();
	expect(written).toHaveLength(1);
	writer.beat('i', 'a', 1_000 + LEASE_MS);
	await settled();
	expect(written).toHaveLength(2);
});

it('loses nothing while the database is down', async () => {
	const { writer, written, world } = stage();
	writer.note('i', 'a', { events: 1, snapshotAt: 900 });
	world.isDown = true;
	await expect(writer.flush()).rejects.toThrow('down');
	writer.note('i', 'a', { events: 1 });
	world.isDown = false;
	await writer.flush();
	expect(written[0]).toMatchObject([{ events: 2, snapshotAgeMs: 100 }]);
});
