// One step of a live impersonation: state and what happened in, state and what to do out. Time is an argument, so that a
// test can play any order of events. Effects are carried out by the hub.
import { FLUSH_AFTER_END_MS, type Watcher } from '#protocol/index.ts';
import { adoptPages, allPages, outdatedConnections } from './room-peers.ts';
import { settle } from './room-settle.ts';
import { PAGE_KEPT_MS } from './room-state.ts';
import type { PeerPart, RoomPage, RoomState, Standing, Step } from './room-types.ts';

export type RoomEvent =
	| { kind: 'standing'; now: number; standing: Standing }
	| {
			kind: 'page-opened';
			now: number;
			pageId: string;
			/** Null when an earlier document's rest is handed over: the page is known but not open [R11]. */
			connection: string | null;
			openedAt: number;
			address: string;
			title: string;
			hasSnapshot: boolean;
			got: number;
			/** Where the page was claimed by this process. */
			claim?: number;
	  }
	| { kind: 'page-gone'; now: number; pageId: string; connection: string }
	| { kind: 'page-where'; now: number; pageId: string; address: string; title: string; visible: boolean }
	| { kind: 'beat'; now: number; pageId: string; connection: string }
	| { kind: 'stored'; now: number; pageId: string; seq: number; hasSnapshot: boolean; interaction: boolean }
	| { kind: 'watcher-joined'; now: number; watcher: Watcher; connection: string }
	| { kind: 'watcher-left'; now: number; staffId: string; connection: string }
	/** Another hub says all that it holds of this impersonation. */
	| { kind: 'peer-told'; now: number; hubId: string; part: PeerPart }
	/** Another hub is gone, and its connections with it. */
	| { kind: 'peer-lost'; now: number; hubId: string }
	| { kind: 'ended'; now: number; reason: string }
	| { kind: 'tick'; now: number };

/** Whether a page may send this batch now; asked before anything is decoded. */
export function judgeBatch(room: RoomState, pageId: string, seq: number): 'next' | 'known' | 'hole' | 'over' {
	if (room.ended?.flushed) return 'over';
	const page = room.pages.get(pageId);
	if (!page) return 'over';
	if (seq < page.nextSeq) return 'known';
	return seq === page.nextSeq ? 'next' : 'hole';
}

/** Applies one event. Events of pages or connections the room does not know change nothing. */
export function stepRoom(room: RoomState, event: RoomEvent): Step {
	if (room.ended) return stepEnded(room, event);
	switch (event.kind) {
		case 'standing':
			return settle(room, { ...room, standing: newerStanding(room.standing, event.standing) }, event.now);
		case 'page-opened':
			return openPage(room, event);
		case 'page-gone':
		case 'page-where':
		case 'beat':
		case 'stored':
			return changePage(room, event);
		case 'watcher-joined':
		case 'watcher-left':
			return settle(room, { ...room, watchers: changeWatchers(room, event) }, event.now);
		case 'peer-told':
		case 'peer-lost':
			return changePeers(room, event);
		case 'ended': {
			const ended = { at: event.now, reason: event.reason, flushed: false };
			return { state: { ...room, ended }, effects: [{ do: 'tell-ended', reason: event.reason }] };
		}
		case 'tick':
			return settle(room, { ...room, pages: forgetGone(room.pages, event.now) }, event.now);
	}
}

/** The rows say what holds, but the room hears of activity before the rows do. */
const newerStanding = (known: Standing, read: Standing): Standing => ({
	...read,
	lastActivityAt: Math.max(known.lastActivityAt, read.lastActivityAt)
});

/** After the end only the flush still moves: no page opens, nothing is told, until the time is up. */
function stepEnded(room: RoomState, event: RoomEvent): Step {
	const { ended } = room;
	if (!ended || ended.flushed) return { state: room, effects: [] };
	if (event.now - ended.at >= FLUSH_AFTER_END_MS)
		return { state: { ...room, ended: { ...ended, flushed: true } }, effects: [{ do: 'close' }] };
	if (event.kind === 'page-opened') {
		const step = openPage(room, event);
		return { state: step.state, effects: step.effects.filter((effect) => effect.do === 'replace') };
	}
	if (event.kind !== 'stored') return { state: room, effects: [] };
	const step = changePage(room, event);
	return { state: step.state, effects: step.effects.filter((effect) => effect.do === 'relay') };
}

function openPage(room: RoomState, event: RoomEvent & { kind: 'page-opened' }): Step {
	const { pageId, connection, openedAt, address, title, hasSnapshot, got, claim, now } = event;
	const known = room.pages.get(pageId);
	// Another hub may have had it so far.
	const seen = allPages(room).get(pageId);
	const page: RoomPage = known
		? {
				...known,
				lastBeatAt: seen?.lastBeatAt ?? null,
				connection: connection ?? known.connection,
				goneAt: connection === null ? known.goneAt : null,
				hasSnapshot: known.hasSnapshot || hasSnapshot,
				// Less than was known where the log lost its end: the page sends that again [R13].
				nextSeq: got + 1,
				claim: claim ?? known.claim
			}
		: {
				pageId,
				address,
				title,
				visible: true,
				openedAt,
				lastActiveAt: seen?.lastActiveAt ?? now,
				connection,
				goneAt: connection === null ? now : null,
				lastBeatAt: seen?.lastBeatAt ?? null,
				hasSnapshot: hasSnapshot || seen?.hasSnapshot === true,
				nextSeq: got + 1,
				claim: claim ?? 0
			};
	const step = settle(room, { ...room, pages: new Map(room.pages).set(pageId, page) }, now);
	if (known?.connection && connection !== null && known.connection !== connection)
		step.effects.unshift({ do: 'replace', connection: known.connection });
	return step;
}

type PageEvent = RoomEvent & { kind: 'page-gone' | 'page-where' | 'beat' | 'stored' };

function changePage(room: RoomState, event: PageEvent): Step {
	const page = room.pages.get(event.pageId);
	if (!page) return { state: room, effects: [] };
	const changed = changedPage(page, event);
	if (changed === page) return { state: room, effects: [] };
	const standing =
		event.kind === 'stored' && event.interaction
			? { ...room.standing, lastActivityAt: Math.max(room.standing.lastActivityAt, event.now) }
			: room.standing;
	const step = settle(
		room,
		{ ...room, standing, pages: new Map(room.pages).set(event.pageId, changed) },
		event.now
	);
	if (event.kind === 'stored') step.effects.unshift({ do: 'relay', pageId: event.pageId, seq: event.seq });
	return step;
}

/** The page after the event, or the very same object where the event is stale. */
function changedPage(page: RoomPage, event: PageEvent): RoomPage {
	switch (event.kind) {
		case 'page-gone':
			// A reconnect may be told before the old connection's end: only the present one's end counts.
			return page.connection === event.connection ? { ...page, connection: null, goneAt: event.now } : page;
		case 'page-where':
			return { ...page, address: event.address, title: event.title, visible: event.visible };
		case 'beat':
			return page.connection === event.connection ? { ...page, lastBeatAt: event.now } : page;
		case 'stored':
			if (event.seq !== page.nextSeq) return page;
			return {
				...page,
				nextSeq: event.seq + 1,
				hasSnapshot: page.hasSnapshot || event.hasSnapshot,
				lastActiveAt: event.interaction ? event.now : page.lastActiveAt
			};
	}
}

function changeWatchers(
	room: RoomState,
	event: RoomEvent & { kind: 'watcher-joined' | 'watcher-left' }
): RoomState['watchers'] {
	const watchers = new Map(room.watchers);
	if (event.kind === 'watcher-joined') {
		const { staffId } = event.watcher;
		const connections = new Set(watchers.get(staffId)?.connections).add(event.connection);
		return watchers.set(staffId, { watcher: event.watcher, connections });
	}
	const present = watchers.get(event.staffId);
	if (!present) return room.watchers;
	const connections = new Set(present.connections);
	connections.delete(event.connection);
	if (connections.size === 0) watchers.delete(event.staffId);
	else watchers.set(event.staffId, { ...present, connections });
	return watchers;
}

function changePeers(room: RoomState, event: RoomEvent & { kind: 'peer-told' | 'peer-lost' }): Step {
	const { hubId, now } = event;
	const peers = new Map(room.peers);
	const known = peers.get(hubId);
	peers.delete(hubId);
	if (event.kind === 'peer-lost') {
		const pages = known ? adoptPages(room.pages, known, now) : room.pages;
		return settle(room, { ...room, peers, pages }, now);
	}
	const { part } = event;
	if (part.pages.length + part.watchers.length > 0) peers.set(hubId, part);
	const step = settle(room, { ...room, peers }, now);
	for (const connection of outdatedConnections(room.pages, part))
		step.effects.unshift({ do: 'replace', connection });
	return step;
}

function forgetGone(pages: RoomState['pages'], now: number): RoomState['pages'] {
	const stale = [...pages.values()].filter(
		(page) => page.goneAt !== null && now - page.goneAt > PAGE_KEPT_MS
	);
	if (stale.length === 0) return pages;
	const kept = new Map(pages);
	for (const page of stale) kept.delete(page.pageId);
	return kept;
}
