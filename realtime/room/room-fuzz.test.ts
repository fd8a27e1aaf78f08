import { expect, it } from 'vitest';
import { seeded } from '#support/seeded.ts';
import { openRoom } from './room-state.ts';
import { judgeBatch, stepRoom, type RoomEvent } from './room-step.ts';
import type { RoomState } from './room-types.ts';

/** A page that sends over a network which loses, doubles and reorders, until everything it has arrived. */
class FuzzPage {
	connection = 0;
	private readonly id: string;
	private readonly total: number;
	constructor(id: string, total: number) {
		this.id = id;
		this.total = total;
	}
	pick(random: () => number, got: number): number {
		// Mostly what is due, sometimes an old one, sometimes one too far ahead.
		const ahead = random();
		const seq =
			ahead < 0.6
				? got + 1
				: ahead < 0.8
					? Math.floor(random() * (got + 1))
					: got + 2 + Math.floor(random() * 3);
		return Math.min(Math.max(seq, 0), this.total - 1);
	}
	open(now: number, got: number): RoomEvent {
		this.connection++;
		return {
			kind: 'page-opened',
			now,
			pageId: this.id,
			connection: `${this.id}-${String(this.connection)}`,
			openedAt: now,
			address: '/',
			title: '',
			hasSnapshot: false,
			got
		};
	}
}

const TOTAL = 60;

/** One run; returns what was relayed of each page, in order. */
function run(seed: number): Map<string, number[]> {
	const random = seeded(seed);
	const pages = new Map(['a', 'b', 'c'].map((id) => [id, new FuzzPage(id, TOTAL)]));
	const log = new Map([...pages.keys()].map((id) => [id, -1]));
	const relayed = new Map([...pages.keys()].map((id): [string, number[]] => [id, []]));
	let room: RoomState = openRoom('i', {
		mode: 'act',
		expiresAt: 1e9,
		idleLimitMs: 1e9,
		lastActivityAt: 0,
		frozen: null,
		showWatchers: true
	});
	let now = 0;
	const apply = (event: RoomEvent) => {
		const step = stepRoom(room, event);
		room = step.state;
		for (const effect of step.effects)
			if (effect.do === 'relay') relayed.get(effect.pageId)?.push(effect.seq);
	};
	while ([...log.values()].some((got) => got < TOTAL - 1)) {
		now += Math.floor(random() * 40);
		for (const [id, page] of pages) {
			const got = log.get(id) ?? -1;
			const chance = random();
			if (page.connection === 0 || chance < 0.05) apply(page.open(now, got));
			else if (chance < 0.08)
				apply({
					kind: 'page-gone',
					now,
					pageId: id,
					connection: `${id}-${String(page.connection - (random() < 0.5 ? 1 : 0))}`
				});
			else if (chance < 0.9) {
				const seq = page.pick(random, got);
				if (judgeBatch(room, id, seq) !== 'next') continue;
				log.set(id, seq);
				apply({ kind: 'stored', now, pageId: id, seq, hasSnapshot: seq === 0, interaction: random() < 0.3 });
			} else apply({ kind: 'tick', now });
		}
	}
	return relayed;
}

it('relays every batch of every page once and in order, whatever is lost, doubled, reordered or reconnected [R3, R4, V4]', () => {
	const inOrder = Array.from({ length: TOTAL }, (_, n) => n);
	for (let seed = 1; seed <= 200; seed++)
		for (const [page, seqs] of run(seed)) expect(seqs, `seed ${String(seed)}, page ${page}`).toEqual(inOrder);
});
