// What follows from a change of a live impersonation: its state of recording, its active page, and whom it concerns. Told is
// only what someone can see.
import { allPages, allWatchers } from './room-peers.ts';
import { activePage, idleAt, recordingOf } from './room-state.ts';
import type { RoomEffect, RoomState, Step } from './room-types.ts';

/** Pages are told a moved idle limit in steps of this size: their warning comes a minute before it, not a second. */
const IDLE_TOLD_EVERY_MS = 5_000;

/** Derives what follows from the change. */
export function settle(before: RoomState, after: RoomState, now: number): Step {
	const pages = allPages(after);
	const state = { ...after, recording: recordingOf(pages, now), activePageId: activePage(pages) };
	const effects: RoomEffect[] = [];
	const banner = bannerKey(state) !== bannerKey(before);
	const idleMoved = Math.abs(idleAt(state.standing) - before.toldIdleAt) >= IDLE_TOLD_EVERY_MS;
	if (banner || idleMoved) {
		effects.push({ do: 'tell-pages' });
		state.toldIdleAt = idleAt(state.standing);
	}
	if (banner || idleMoved || screenKey(state) !== screenKey(before)) effects.push({ do: 'tell-watchers' });
	return { state, effects };
}

const bannerKey = (room: RoomState): string => {
	const { standing } = room;
	return JSON.stringify([
		standing.mode,
		standing.expiresAt,
		standing.frozen,
		standing.showWatchers,
		standing.idleLimitMs,
		allWatchers(room).map(({ staffId }) => staffId)
	]);
};

const screenKey = (room: RoomState): string =>
	JSON.stringify([
		room.recording,
		room.activePageId,
		[...allPages(room).values()].map((p) => [p.pageId, p.address, p.title, p.visible, p.goneAt === null])
	]);
