import { expect, it } from 'vitest';
import { FLUSH_AFTER_END_MS, LEASE_MS } from '#protocol/limits.ts';
import { allPages, ownPart } from './room-peers.ts';
import { livePages, openRoom, PAGE_KEPT_MS, stateForPages, stateForWatchers } from './room-state.ts';
import { judgeBatch, stepRoom, type RoomEvent } from './room-step.ts';
import type { PeerPart, RoomEffect, RoomState, ShownPage } from './room-types.ts';

const room = openRoom('i', {
	mode: 'act',
	expiresAt: 1_800_000,
	idleLimitMs: 600_000,
	lastActivityAt: 0,
	frozen: null,
	showWatchers: true
});

function play(events: RoomEvent[], from: RoomState = room): { state: RoomState; effects: RoomEffect[] } {
	let state = from;
	let effects: RoomEffect[] = [];
	for (const event of events) ({ state, effects } = stepRoom(state, event));
	return { state, effects };
}

const page = (change: Partial<ShownPage> = {}): ShownPage => ({
	pageId: 'p',
	address: '/there',
	title: 'There',
	visible: true,
	openedAt: 0,
	lastActiveAt: 10,
	goneAt: null,
	lastBeatAt: 10,
	hasSnapshot: true,
	claim: 1,
	...change
});
const told = (pages: ShownPage[], watchers: PeerPart['watchers'] = [], hubId = 'h', now = 10): RoomEvent => ({
	kind: 'peer-told',
	now,
	hubId,
	part: { pages, watchers }
});
const lost = (now = 20, hubId = 'h'): RoomEvent => ({ kind: 'peer-lost', now, hubId });
const opened = (claim: number, now = 5): RoomEvent => ({
	kind: 'page-opened',
	now,
	pageId: 'p',
	connection: 'c',
	openedAt: 0,
	address: '/here',
	title: 'Here',
	hasSnapshot: false,
	got: -1,
	claim
});
const sofia = { staffId: 's', name: 'Sofia', initials: 'S' };
const maya = { staffId: 'm', name: 'Maya', initials: 'M' };
const joined = (watcher = sofia): RoomEvent => ({ kind: 'watcher-joined', now: 1, watcher, connection: 'w' });
const effectsOf = (events: RoomEvent[]) => play(events).effects.map((effect) => effect.do);

it('shows what another hub holds as its own: page, recording, activity', () => {
	const { state, effects } = play([told([page()])]);
	expect(livePages(state)).toMatchObject([{ pageId: 'p', address: '/there', connected: true }]);
	expect(state).toMatchObject({ recording: 'live', activePageId: 'p' });
	expect(effects).toEqual([{ do: 'tell-watchers' }]);
	const silent = play([{ kind: 'tick', now: 10 + LEASE_MS }], state);
	expect(silent.state.recording).toBe('silent');
});

it('tells pages of who watches elsewhere, a person once however many hubs, and of nothing when nothing changed', () => {
	expect(effectsOf([told([], [sofia])])).toEqual(['tell-pages', 'tell-watchers']);
	expect(effectsOf([joined(), told([], [sofia])])).toEqual([]);
	const { state } = play([joined(), told([], [sofia, maya]), told([], [maya], 'h2')]);
	expect(stateForPages(state, 0).watchers).toEqual([sofia, maya]);
	const left = play([told([], [])], state).state;
	expect(stateForWatchers(left, 0).watchers).toEqual([sofia, maya]);
	expect(stateForWatchers(play([lost(20, 'h2')], left).state, 0).watchers).toEqual([sofia]);
});

it('hides who watches elsewhere where the agency does', () => {
	const standing = { ...room.standing, showWatchers: false };
	const { state } = play([{ kind: 'standing', now: 0, standing }, told([], [sofia])]);
	expect(stateForPages(state, 0).watchers).toEqual([]);
});

it('gives a page to the hub that claimed it last and closes the older connection here [R9]', () => {
	const older = play([opened(2), told([page({ claim: 1 })])]);
	expect(older.effects).toEqual([]);
	expect(allPages(older.state).get('p')?.address).toBe('/here');
	const newer = play([opened(2), told([page({ claim: 3 })])]);
	expect(newer.effects[0]).toEqual({ do: 'replace', connection: 'c' });
	const after = play([{ kind: 'page-gone', now: 11, pageId: 'p', connection: 'c' }], newer.state).state;
	expect(livePages(after)).toMatchObject([{ address: '/there', connected: true }]);
	// A hub that still names a page which is gone there takes nothing.
	expect(play([opened(2), told([page({ claim: 3, goneAt: 9 })])]).effects).toEqual([]);
});

it('keeps the pages of a hub that is gone as pages without a connection, for as long as others are kept', () => {
	const { state } = play([told([page()], [sofia]), lost(20)]);
	expect(livePages(state)).toMatchObject([{ pageId: 'p', address: '/there', connected: false }]);
	expect(state.recording).toBe('silent');
	expect(stateForWatchers(state, 0).watchers).toEqual([]);
	expect(livePages(play([{ kind: 'tick', now: 20 + PAGE_KEPT_MS }], state).state)).toHaveLength(1);
	expect(livePages(play([{ kind: 'tick', now: 21 + PAGE_KEPT_MS }], state).state)).toEqual([]);
});

it('goes on with a page that comes over, from where the log is, without calling it unrecorded meanwhile', () => {
	const { state } = play([told([page()]), lost(20), { ...opened(7, 21), got: 4 } as RoomEvent]);
	expect(judgeBatch(state, 'p', 5)).toBe('next');
	expect(state.recording).toBe('live');
	expect(ownPart(state).pages).toMatchObject([{ pageId: 'p', claim: 7, goneAt: null, hasSnapshot: true }]);
});

it('tells others of what is here alone, without what only this hub needs', () => {
	const { state } = play([opened(2), joined(), told([page({ pageId: 'q' })], [maya])]);
	const part = ownPart(state);
	expect(part.watchers).toEqual([sofia]);
	expect(part.pages.map(({ pageId }) => pageId)).toEqual(['p']);
	expect(part.pages[0]).not.toHaveProperty('connection');
	expect(part.pages[0]).not.toHaveProperty('nextSeq');
});

it('hears nothing more once it is over', () => {
	const ended = play([{ kind: 'ended', now: 1, reason: 'limit' }]).state;
	expect(play([told([page()], [sofia])], ended)).toEqual({ state: ended, effects: [] });
	expect(play([told([page()], [], 'h', 1 + FLUSH_AFTER_END_MS)], ended).effects).toEqual([{ do: 'close' }]);
});
