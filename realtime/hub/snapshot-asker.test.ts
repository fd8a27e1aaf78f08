import { expect, it } from 'vitest';
import { SNAPSHOT_EVERY_MS } from './hub-limits.ts';
import { SnapshotAsker } from './snapshot-asker.ts';

it('asks a page at most once in half a minute, and one that is not there as soon as it is [R15]', () => {
	const world = { now: 0, isThere: false, isElsewhere: false, asked: [] as string[] };
	const asker = new SnapshotAsker({
		now: () => world.now,
		ask: (pageId) => {
			if (world.isThere) world.asked.push(pageId);
			return world.isThere;
		},
		askElsewhere: (pageId) => {
			if (world.isElsewhere) world.asked.push(`${pageId} elsewhere`);
			return world.isElsewhere;
		}
	});
	asker.want('a');
	world.isThere = true;
	asker.want('a');
	world.now = SNAPSHOT_EVERY_MS - 1;
	asker.want('a');
	asker.want('b');
	expect(world.asked).toEqual(['a', 'b']);
	world.now = SNAPSHOT_EVERY_MS;
	asker.want('a');
	asker.want('b');
	expect(world.asked).toEqual(['a', 'b', 'a']);
	asker.forget('a');
	asker.want('a');
	expect(world.asked).toEqual(['a', 'b', 'a', 'a']);
	world.isThere = false;
	world.isElsewhere = true;
	asker.want('c');
	asker.want('c');
	// Another hub wants it: it is not sent back there.
	asker.wantHere('d');
	expect(world.asked.slice(4)).toEqual(['c elsewhere']);
});

it('remembers nobody for longer than it matters, wherever the page is connected', () => {
	const world = { now: 0 };
	const asker = new SnapshotAsker({ now: () => world.now, ask: () => false, askElsewhere: () => true });
	for (let page = 0; page < 100; page++) {
		asker.want(`page ${page}`);
		world.now += SNAPSHOT_EVERY_MS / 10;
	}
	expect(asker.size).toBeLessThanOrEqual(10);
});
