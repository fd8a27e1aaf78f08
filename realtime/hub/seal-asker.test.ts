import { expect, it } from 'vitest';
import { SEAL_AFTER_BYTES, SEAL_AFTER_MS } from './hub-limits.ts';
import { SealAsker } from './seal-asker.ts';

function stage() {
	const world = { now: 0, asked: [] as string[], errors: 0, isDown: false };
	const asker = new SealAsker({
		ask: (pageId) => {
			if (world.isDown) return Promise.reject(new Error('no queue'));
			world.asked.push(pageId);
			return Promise.resolve();
		},
		now: () => world.now,
		onError: () => world.errors++
	});
	return { world, asker };
}

it('asks once for what came, some seconds after its first batch, and not again while nothing comes', () => {
	const { world, asker } = stage();
	asker.stored('a', 10);
	world.now = SEAL_AFTER_MS - 1;
	asker.stored('a', 10);
	asker.tick();
	expect(world.asked).toEqual([]);
	world.now = SEAL_AFTER_MS;
	asker.tick();
	world.now *= 5;
	asker.tick();
	expect(world.asked).toEqual(['a']);
});

it('asks at once after much, and by the clock for what that left over', () => {
	const { world, asker } = stage();
	asker.stored('a', SEAL_AFTER_BYTES - 1);
	asker.stored('a', 1);
	asker.stored('a', 1);
	expect(world.asked).toEqual(['a']);
	world.now = SEAL_AFTER_MS;
	asker.tick();
	expect(world.asked).toEqual(['a', 'a']);
});

it('asks when a page is closed, if anything came since the last time', () => {
	const { world, asker } = stage();
	asker.closed('a');
	asker.stored('a', 1);
	asker.closed('a');
	asker.closed('a');
	expect(world.asked).toEqual(['a']);
});

it('asks again once the queue answers', async () => {
	const { world, asker } = stage();
	asker.stored('a', 1);
	world.isDown = true;
	asker.closed('a');
	await Promise.resolve();
	await Promise.resolve();
	expect(world.errors).toBe(1);
	world.isDown = false;
	world.now = SEAL_AFTER_MS;
	asker.tick();
	expect(world.asked).toEqual(['a']);
});
