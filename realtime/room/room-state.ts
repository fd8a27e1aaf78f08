// What one live impersonation is made of, and the questions asked of it. Pure values: no socket, no clock. What happens
// to it is in room-step.ts; rights and rows are the hub's.
import type { Mode } from '#domain/modes-and-reasons.ts';
import { LEASE_MS, type LivePage, type SessionState, type Watcher } from '#protocol/index.ts';

/** How long a page without a connection stays in the list: a reload or a lost network comes back within it. */
export const PAGE_KEPT_MS = 60_000;

export type RoomPage = {
	pageId: string;
	address: string;
	title: string;
	visible: boolean;
	openedAt: number;
	lastActiveAt: number;
	/** Id of its connection, or null once that is gone. */
	connection: string | null;
	/** When the connection went, or null while it is there. */
	goneAt: number | null;
	lastBeatAt: number | null;
	/** Its full snapshot is in the live log. */
	hasSnapshot: boolean;
	/** Number of the next batch the page may send. */
	nextSeq: number;
};

type RoomWatcher = { watcher: Watcher; connections: ReadonlySet<string> };

/** What the database says about an impersonation; the room never decides any of it. */
export type Standing = {
	mode: Mode;
	expiresAt: number;
	idleLimitMs: number;
	lastActivityAt: number;
	frozen: { by: string; note: string; at: number } | null;
	showWatchers: boolean;
};

export type Recording = 'waiting' | 'live' | 'silent';

export type RoomState = {
	impersonationId: string;
	standing: Standing;
	pages: ReadonlyMap<string, RoomPage>;
	watchers: ReadonlyMap<string, RoomWatcher>;
	recording: Recording;
	activePageId: string | null;
	ended: { at: number; reason: string; flushed: boolean } | null;
	/** The idle limit the pages were last told, so that they are told again before it misleads them. */
	toldIdleAt: number;
};

/** A room as it opens: nobody connected, nothing recorded. */
export const openRoom = (impersonationId: string, standing: Standing): RoomState => ({
	impersonationId,
	standing,
	pages: new Map(),
	watchers: new Map(),
	recording: 'waiting',
	activePageId: null,
	ended: null,
	toldIdleAt: idleAt(standing)
});

/** Hub time at which the idle limit would end it if nothing happens. */
export const idleAt = (standing: Standing): number => standing.lastActivityAt + standing.idleLimitMs;

/** `live` while any connected page has its snapshot stored and a beat within the lease; `silent` once none has. */
export function recordingOf(pages: ReadonlyMap<string, RoomPage>, now: number): Recording {
	let everRecorded = false;
	for (const page of pages.values()) {
		if (!page.hasSnapshot || page.lastBeatAt === null) continue;
		everRecorded = true;
		if (page.connection !== null && now - page.lastBeatAt < LEASE_MS) return 'live';
	}
	return everRecorded ? 'silent' : 'waiting';
}

/** The page a following watcher is shown: connected before gone, visible before hidden, then the one last active. */
export function activePage(pages: ReadonlyMap<string, RoomPage>): string | null {
	let best: RoomPage | null = null;
	for (const page of pages.values()) if (!best || comesBefore(page, best)) best = page;
	return best?.pageId ?? null;
}

function comesBefore(a: RoomPage, b: RoomPage): boolean {
	if ((a.connection !== null) !== (b.connection !== null)) return a.connection !== null;
	if (a.visible !== b.visible) return a.visible;
	if (a.lastActiveAt !== b.lastActiveAt) return a.lastActiveAt > b.lastActiveAt;
	return a.openedAt > b.openedAt;
}

/** What the recorded pages are told. Where the agency hides its watchers, not even their number leaves. */
export function stateForPages(room: RoomState, now: number): SessionState {
	return { ...stateForWatchers(room, now), watchers: room.standing.showWatchers ? watchersOf(room) : [] };
}

/** What watchers are told: the same, with everyone who watches. */
export function stateForWatchers(room: RoomState, now: number): SessionState {
	const { mode, expiresAt, frozen } = room.standing;
	return { mode, expiresAt, idleAt: idleAt(room.standing), hubNow: now, frozen, watchers: watchersOf(room) };
}

/** One entry for each person, however many tabs. */
const watchersOf = (room: RoomState): Watcher[] => [...room.watchers.values()].map((w) => w.watcher);

export const livePages = (room: RoomState): LivePage[] =>
	[...room.pages.values()]
		.toSorted((a, b) => a.openedAt - b.openedAt)
		.map(({ pageId, address, title, visible, openedAt, lastActiveAt, connection }) => ({
			pageId,
			address,
			title,
			visible,
			openedAt,
			lastActiveAt,
			connected: connection !== null
		}));
