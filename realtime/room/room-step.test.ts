import { describe, expect, it } from 'vitest';
import { FLUSH_AFTER_END_MS, LEASE_MS } from '#protocol/limits.ts';
import { livePages, openRoom, PAGE_KEPT_MS, stateForPages } from './room-state.ts';
import { judgeBatch, stepRoom, type RoomEvent } from './room-step.ts';
import type { RoomEffect, RoomState, Standing } from './room-types.ts';

const standing: Standing = {
	mode: 'act',
	expiresAt: 1_800_000,
	idleLimitMs: 600_000,
	lastActivityAt: 0,
	frozen: null,
	showWatchers: true
};

/** Plays events and keeps the effects of each step. */
function play(
	events: RoomEvent[],
	from: RoomState = openRoom('i', standing)
): { room: RoomState; effects: RoomEffect[][] } {
	const effects: RoomEffect[][] = [];
	let room = from;
	for (const event of events) {
		const step = stepRoom(room, event);
		room = step.state;
		effects.push(step.effects);
	}
	return { room, effects };
}

const opened = (pageId: string, now = 0, connection = `c-${pageId}`, got = -1): RoomEvent => ({
	kind: 'page-opened',
	now,
	pageId,
	connection,
	openedAt: now,
	address: '/',
	title: 'Home',
	hasSnapshot: false,
	got
});
const stored = (
	pageId: string,
	seq: number,
	now: number,
	more: { snapshot?: boolean; active?: boolean } = {}
): RoomEvent => ({
	kind: 'stored',
	now,
	pageId,
	seq,
	hasSnapshot: more.snapshot ?? false,
	interaction: more.active ?? false
});
const beat = (pageId: string, now: number, connection = `c-${pageId}`): RoomEvent => ({
	kind: 'beat',
	now,
	pageId,
	connection
});
const maya = { staffId: 's1', name: 'Sofia', initials: 'S' };
const joined = (connection: string, now = 0): RoomEvent => ({
	kind: 'watcher-joined',
	now,
	watcher: maya,
	connection
});
const left = (connection: string, now = 0): RoomEvent => ({
	kind: 'watcher-left',
	now,
	staffId: 's1',
	connection
});

describe('the recording state', () => {
	it('waits until a page has both its snapshot stored and a beat', () => {
		const events = [opened('a'), beat('a', 10)];
		expect(play(events).room.recording).toBe('waiting');
		expect(play([...events, stored('a', 0, 20, { snapshot: true })]).room.recording).toBe('live');
	});

	it('falls silent at a tick once no beat is younger than the lease, and lives again with the next beat', () => {
		const live = [opened('a'), stored('a', 0, 0, { snapshot: true }), beat('a', 100)];
		const { room } = play(live);
		expect(play([{ kind: 'tick', now: 100 + LEASE_MS - 1 }], room).room.recording).toBe('live');
		const silent = play([{ kind: 'tick', now: 100 + LEASE_MS }], room);
		expect(silent.room.recording).toBe('silent');
		expect(silent.effects[0]).toContainEqual({ do: 'tell-watchers' });
		expect(play([beat('a', 100 + LEASE_MS + 5)], silent.room).room.recording).toBe('live');
	});

	it('ignores a beat that comes over a connection the page no longer has', () => {
		const { room } = play([
			opened('a'),
			stored('a', 0, 0, { snapshot: true }),
			opened('a', 5, 'new'),
			beat('a', 9)
		]);
		expect(room.recording).toBe('waiting');
	});
});

describe('batches', () => {
	it('takes the next number, knows the former ones and names a hole [R3, R4]', () => {
		const { room } = play([opened('a'), stored('a', 0, 1)]);
		expect(judgeBatch(room, 'a', 0)).toBe('known');
		expect(judgeBatch(room, 'a', 1)).toBe('next');
		expect(judgeBatch(room, 'a', 2)).toBe('hole');
		expect(judgeBatch(room, 'other', 0)).toBe('over');
	});

	it('continues at the number the live log has when a page comes back', () => {
		const { room } = play([opened('a', 0, 'x', 41)]);
		expect(judgeBatch(room, 'a', 42)).toBe('next');
	});

	it('relays each stored batch once', () => {
		const { effects } = play([opened('a'), stored('a', 0, 1), stored('a', 0, 2)]);
		expect(effects[1]).toContainEqual({ do: 'relay', pageId: 'a', seq: 0 });
		expect(effects[2]).toEqual([]);
	});
});

describe('pages', () => {
	it('follows the page last active, and a visible one before a hidden one', () => {
		const { room } = play([opened('a'), opened('b', 5), stored('a', 0, 10, { active: true })]);
		expect(room.activePageId).toBe('a');
		const hidden: RoomEvent = {
			kind: 'page-where',
			now: 11,
			pageId: 'a',
			address: '/',
			title: '',
			visible: false
		};
		expect(play([hidden], room).room.activePageId).toBe('b');
	});

	it('shows a page whose connection is gone as disconnected, then forgets it', () => {
		const { room } = play([opened('a'), { kind: 'page-gone', now: 10, pageId: 'a', connection: 'c-a' }]);
		expect(livePages(room)).toMatchObject([{ pageId: 'a', connected: false }]);
		expect(livePages(play([{ kind: 'tick', now: 11 + PAGE_KEPT_MS }], room).room)).toEqual([]);
	});

	it("takes an earlier document's rest without listing the page as open or replacing its connection [R11]", () => {
		const handover: RoomEvent = {
			...(opened('a', 5) as RoomEvent & { kind: 'page-opened' }),
			connection: null
		};
		const alone = play([handover]).room;
		expect(judgeBatch(alone, 'a', 0)).toBe('next');
		expect(livePages(alone)).toMatchObject([{ connected: false }]);
		const beside = play([opened('a', 0, 'one'), handover]);
		expect(beside.effects[1]).toEqual([]);
		expect(livePages(beside.room)).toMatchObject([{ connected: true }]);
	});

	it('closes the older connection of a page that connects again, and ignores its late farewell [R9]', () => {
		const { room, effects } = play([opened('a', 0, 'one'), opened('a', 5, 'two')]);
		expect(effects[1]).toContainEqual({ do: 'replace', connection: 'one' });
		const late = play([{ kind: 'page-gone', now: 6, pageId: 'a', connection: 'one' }], room);
		expect(livePages(late.room)).toMatchObject([{ connected: true }]);
	});
});

describe('what pages are told', () => {
	it('counts two tabs of one supervisor once, and tells of the last one leaving [V3]', () => {
		const two = play([joined('t1'), joined('t2')]);
		expect(two.effects.map((e) => e.some((x) => x.do === 'tell-pages'))).toEqual([true, false]);
		expect(stateForPages(two.room, 0).watchers).toEqual([maya]);
		const leaving = play([left('t1'), left('t2')], two.room);
		expect(leaving.effects.map((e) => e.some((x) => x.do === 'tell-pages'))).toEqual([false, true]);
		expect(stateForPages(leaving.room, 0).watchers).toEqual([]);
	});

	it('hides watchers from the page where the agency hides them [R12]', () => {
		const { room } = play([joined('t1')], openRoom('i', { ...standing, showWatchers: false }));
		expect(stateForPages(room, 0).watchers).toEqual([]);
	});

	it('tells mode, freeze and limits as soon as they change, and nothing when nothing changed', () => {
		const frozen = { by: 'Sofia', note: 'Stop', at: 5 };
		const { effects } = play([
			{ kind: 'standing', now: 1, standing: { ...standing, frozen } },
			{ kind: 'standing', now: 2, standing: { ...standing, frozen: { ...frozen } } }
		]);
		expect(effects).toEqual([[{ do: 'tell-pages' }, { do: 'tell-watchers' }], []]);
	});

	it('moves the idle limit with activity and tells it in steps', () => {
		const { room, effects } = play([
			opened('a'),
			stored('a', 0, 4_000, { active: true }),
			stored('a', 1, 6_000, { active: true })
		]);
		expect(stateForPages(room, 6_000).idleAt).toBe(606_000);
		expect(effects[1]).not.toContainEqual({ do: 'tell-pages' });
		expect(effects[2]).toContainEqual({ do: 'tell-pages' });
	});
});

describe('the end', () => {
	const end: RoomEvent = { kind: 'ended', now: 1_000, reason: 'supervisor' };

	it('takes batches for the time of the flush and not a moment longer [R10]', () => {
		const { room } = play([opened('a'), end]);
		expect(judgeBatch(room, 'a', 0)).toBe('next');
		const flushing = play([stored('a', 0, 1_500)], room);
		expect(flushing.effects[0]).toEqual([{ do: 'relay', pageId: 'a', seq: 0 }]);
		const closed = play([{ kind: 'tick', now: 1_000 + FLUSH_AFTER_END_MS }], flushing.room);
		expect(closed.effects[0]).toEqual([{ do: 'close' }]);
		expect(judgeBatch(closed.room, 'a', 1)).toBe('over');
	});

	it('is told once, whatever happens after it', () => {
		const { effects } = play([
			opened('a'),
			end,
			end,
			{ kind: 'standing', now: 1_100, standing: { ...standing, mode: 'view' } }
		]);
		expect(effects.slice(1)).toEqual([[{ do: 'tell-ended', reason: 'supervisor' }], [], []]);
	});
});
