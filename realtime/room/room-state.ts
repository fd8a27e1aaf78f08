// What one live impersonation is made of, and the questions asked of it. Pure values: no socket, no clock. What happens
// to it is in room-step.ts; rights and rows are the hub's.
import { LEASE_MS, type LivePage, type SessionState } from '#protocol/index.ts';
import { allPages, allWatchers } from './room-peers.ts';
import type { Recording, RoomState, ShownPage, Standing } from './room-types.ts';

/** How long a page without a connection stays in the list: a reload or a lost network comes back within it. */
export const PAGE_KEPT_MS = 60_000;

/** A room as it opens: nobody connected, nothing recorded. */
export const openRoom = (impersonationId: string, standing: Standing): RoomState => ({
	impersonationId,
	standing,
	pages: new Map(),
	watchers: new Map(),
	peers: new Map(),
	recording: 'waiting',
	activePageId: null,
	ended: null,
	toldIdleAt: idleAt(standing)
});

/** Hub time at which the idle limit would end it if nothing happens. */
export const idleAt = (standing: Standing): number => standing.lastActivityAt + standing.idleLimitMs;

/** `live` while any connected page has its snapshot stored and a beat within the lease; `silent` once none has. */
export function recordingOf(pages: ReadonlyMap<string, ShownPage>, now: number): Recording {
	let everRecorded = false;
	for (const page of pages.values()) {
		if (!page.hasSnapshot || page.lastBeatAt === null) continue;
		everRecorded = true;
		if (page.goneAt === null && now - page.lastBeatAt < LEASE_MS) return 'live';
	}
	return everRecorded ? 'silent' : 'waiting';
}

/** The page a following watcher is shown: connected before gone, visible before hidden, then the one last active. */
export function activePage(pages: ReadonlyMap<string, ShownPage>): string | null {
	let best: ShownPage | null = null;
	for (const page of pages.values()) if (!best || comesBefore(page, best)) best = page;
	return best?.pageId ?? null;
}

function comesBefore(a: ShownPage, b: ShownPage): boolean {
	if ((a.goneAt === null) !== (b.goneAt === null)) return a.goneAt === null;
	if (a.visible !== b.visible) return a.visible;
	if (a.lastActiveAt !== b.lastActiveAt) return a.lastActiveAt > b.lastActiveAt;
	return a.openedAt > b.openedAt;
}

/** What the recorded pages are told. Where the agency hides its watchers, not even their number leaves. */
export function stateForPages(room: RoomState, now: number): SessionState {
	return { ...stateForWatchers(room, now), watchers: room.standing.showWatchers ? allWatchers(room) : [] };
}

/** What watchers are told: the same, with everyone who watches. */
export function stateForWatchers(room: RoomState, now: number): SessionState {
	const {
		mode,
		expiresAt,
		frozen,
		viewOnly = null,
		control = null,
		hand = null,
		zone = null
	} = room.standing;
	const watchers = allWatchers(room);
	return {
		mode,
		expiresAt,
		idleAt: idleAt(room.standing),
		hubNow: now,
		frozen,
		viewOnly,
		control,
		hand,
		zone,
		watchers
	};
}

export const livePages = (room: RoomState): LivePage[] =>
	[...allPages(room).values()]
		.toSorted((a, b) => a.openedAt - b.openedAt)
		.map(({ pageId, address, title, visible, openedAt, lastActiveAt, goneAt }) => ({
			pageId,
			address,
			title,
			visible,
			openedAt,
			lastActiveAt,
			connected: goneAt === null
		}));
