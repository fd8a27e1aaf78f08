import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PEER_LOST_MS, TOLD_LATER_MS, TOLD_SOON_MS, VOICE_EVERY_MS } from './hub-limits.ts';
import { HubVoice } from './hub-voice.ts';
import { PeerHubs } from './peer-hubs.ts';
import type { PeerPart, ShownPage } from '#realtime/room/room-types.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [I, J] = ['01980000-0000-7000-8000-00000000000a', '01980000-0000-7000-8000-00000000000b'] as const;
const PAGE = '01980000-0000-7000-8000-00000000000c';
const sofia = { staffId: '01980000-0000-7000-8000-00000000000d', name: 'Sofia', initials: 'S' };

const pageAt = (lastActiveAt: number): ShownPage => ({
	pageId: PAGE,
	address: '/',
	title: '',
	visible: true,
	openedAt: 1,
	lastActiveAt,
	goneAt: null,
	lastBeatAt: null,
	hasSnapshot: true,
	claim: 1
});

/** Hubs over one carrier that can lose words, each with its own clock. */
function stage(aheadMs: number[] = [0, 0]) {
	const lines: ((text: string) => void)[] = [];
	const world = { isLosing: false, said: 0 };
	const hubs = aheadMs.map((ahead, n) => {
		const held = new Map<string, PeerPart>();
		const heard = new Map<string, PeerPart>();
		const log: string[] = [];
		const now = () => Date.now() + ahead;
		const hubId = `01980000-0000-7000-8000-00000000010${n}`;
		const voice = new HubVoice({
			hubId,
			news: {
				publish: (text) => {
					world.said++;
					if (!world.isLosing) for (const line of lines) line(text);
					return Promise.resolve();
				}
			},
			now,
			known: () => [...held.keys()],
			partOf: (id) => held.get(id) ?? null,
			onError: (error) => log.push(String(error))
		});
		const peers = new PeerHubs({
			hubId,
			now,
			onPart: (_hub, id, part) => void heard.set(id, part),
			onLost: (_hub, ids) => log.push(`lost ${ids.length}`),
			onAsked: () => voice.sayAll(),
			onMissed: () => voice.ask(),
			onSnapshot: (id) => log.push(`snapshot ${id}`),
			onHelp: ({ about }) => log.push(`help ${about}`),
			onOrder: (request) => log.push(`order ${request}`),
			onAnswer: (request, answer) => log.push(`answer ${request} ${answer}`),
			onError: () => log.push('not a message')
		});
		lines.push((text) => peers.hear(text));
		return { held, heard, log, voice, peers };
	});
	return {
		hubs: hubs as [(typeof hubs)[0], (typeof hubs)[0]],
		world,
		say: (text: string) => lines[0]?.(text)
	};
}

const pass = (ms: number) => vi.advanceTimersByTime(ms);

it('tells a change within a moment, several as one, and beats within a second', () => {
	const { hubs, world } = stage();
	const [a, b] = hubs;
	a.held.set(I, { pages: [], watchers: [sofia] });
	a.held.set(J, { pages: [pageAt(1)], watchers: [] });
	a.voice.later(J);
	a.voice.soon(I);
	a.voice.soon(I);
	pass(TOLD_SOON_MS);
	expect(b.heard.get(I)?.watchers).toEqual([sofia]);
	// What waited goes along.
	expect(b.heard.get(J)?.pages).toHaveLength(1);
	// Who hears of the other for the first time asks for all of it, once.
	pass(TOLD_SOON_MS * 2);
	const before = world.said;
	a.voice.later(I);
	pass(TOLD_LATER_MS - 1);
	expect(world.said).toBe(before);
	pass(1);
	expect(world.said).toBe(before + 1);
});

it('tells the end of what was told, and nothing of nothing', () => {
	const { hubs, world } = stage();
	const [a, b] = hubs;
	a.voice.soon(I);
	pass(TOLD_SOON_MS);
	expect(world.said).toBe(0);
	a.held.set(I, { pages: [], watchers: [sofia] });
	a.voice.soon(I);
	pass(TOLD_SOON_MS);
	a.held.delete(I);
	a.voice.soon(I);
	pass(TOLD_SOON_MS);
	expect(b.heard.get(I)).toEqual({ pages: [], watchers: [] });
	expect([...b.peers.partsOf(I)]).toEqual([]);
});

it('learns all of one that was there before, when it starts', () => {
	const { hubs } = stage();
	const [a, b] = hubs;
	a.held.set(I, { pages: [], watchers: [sofia] });
	b.voice.start();
	pass(TOLD_SOON_MS);
	expect(b.heard.get(I)?.watchers).toEqual([sofia]);
	b.voice.stop();
});

it('asks for what it missed, and drops what is not held any more', () => {
	const { hubs, world } = stage();
	const [a, b] = hubs;
	a.held.set(I, { pages: [], watchers: [sofia] });
	a.voice.start();
	pass(VOICE_EVERY_MS);
	expect(b.heard.get(I)?.watchers).toEqual([sofia]);
	world.isLosing = true;
	a.held.delete(I);
	a.held.set(J, { pages: [pageAt(1)], watchers: [] });
	a.voice.soon(I);
	a.voice.soon(J);
	pass(TOLD_SOON_MS);
	world.isLosing = false;
	expect(b.heard.has(J)).toBe(false);
	pass(VOICE_EVERY_MS * 1.5);
	expect(b.heard.get(J)?.pages).toHaveLength(1);
	expect(b.heard.get(I)).toEqual({ pages: [], watchers: [] });
	expect(b.peers.hold(PAGE)).toBe(true);
	a.voice.stop();
});

it('forgets a hub that says good-bye at once, and one that is silent once it missed three signs of life', () => {
	const { hubs, world } = stage();
	const [a, b] = hubs;
	a.held.set(I, { pages: [], watchers: [sofia] });
	a.voice.start();
	expect(b.peers.size).toBe(1);
	pass(PEER_LOST_MS * 3);
	b.peers.tick();
	expect(b.log).toEqual([]);
	world.isLosing = true;
	pass(PEER_LOST_MS - 1 - VOICE_EVERY_MS);
	b.peers.tick();
	expect(b.log).toEqual([]);
	pass(VOICE_EVERY_MS + 1);
	b.peers.tick();
	expect(b.log).toEqual(['lost 1']);
	world.isLosing = false;
	pass(VOICE_EVERY_MS * 2);
	expect(b.heard.get(I)?.watchers).toEqual([sofia]);
	a.voice.stop();
	expect(b.log).toEqual(['lost 1', 'lost 1']);
	expect(b.peers.size).toBe(0);
});

it('tells times on the listener’s clock', () => {
	const { hubs } = stage([60_000, 0]);
	const [a, b] = hubs;
	a.held.set(I, {
		pages: [{ ...pageAt(Date.now() + 60_000 - 5), lastBeatAt: Date.now() + 60_000 }],
		watchers: []
	});
	const at = Date.now();
	a.voice.sayAll();
	pass(TOLD_SOON_MS);
	expect(b.heard.get(I)?.pages[0]).toMatchObject({
		lastActiveAt: at - 5,
		lastBeatAt: at,
		goneAt: null
	});
});

it('has a snapshot asked for elsewhere, and survives what is no message', () => {
	const { hubs, say } = stage();
	const [a, b] = hubs;
	b.voice.wantSnapshot(PAGE);
	for (const text of ['', '{', '{"hubId":1}', '[]', 'null']) say(text);
	// Its own words come back to it, and are not even read.
	say('{"hubId":"01980000-0000-7000-8000-000000000100",and no message');
	expect(a.log).toEqual([`snapshot ${PAGE}`, ...Array.from({ length: 5 }, () => 'not a message')]);
	expect(b.log).toEqual([]);
});
