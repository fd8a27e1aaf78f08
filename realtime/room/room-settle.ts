// What follows from a change of a live impersonation: its state of recording, its active page, and whom it concerns. Told is
// only what someone can see.
import { allPages, allWatchers } from './room-peers.ts';
import { activePage, idleAt, recordingOf } from './room-state.ts';
import type { RoomEffect, RoomState, ShownPage, Standing, Step } from './room-types.ts';

/** Pages are told a moved idle limit in steps of this size: their warning comes a minute before it, not a second. */
const IDLE_TOLD_EVERY_MS = 5_000;

/** Derives what follows from the change. */
export function settle(before: RoomState, after: RoomState, now: number): Step {
	const pages = allPages(after);
	const state = { ...after, recording: recordingOf(pages, now), activePageId: activePage(pages) };
	const effects: RoomEffect[] = [];
	const banner = !isSameBanner(before, state);
	const idleMoved = Math.abs(idleAt(state.standing) - before.toldIdleAt) >= IDLE_TOLD_EVERY_MS;
	if (banner || idleMoved) {
		effects.push({ do: 'tell-pages' });
		state.toldIdleAt = idleAt(state.standing);
	}
	if (banner || idleMoved || !isSameScreen(before, state)) effects.push({ do: 'tell-watchers' });
	return { state, effects };
}

// Asked at every batch of every page: nothing is written out to be compared, and what is the same object is not looked into.

function isSameBanner(a: RoomState, b: RoomState): boolean {
	return isSameStanding(a.standing, b.standing) && isSamePeople(a, b);
}

const isSameStanding = (a: Standing, b: Standing): boolean =>
	a === b ||
	(a.mode === b.mode &&
		a.expiresAt === b.expiresAt &&
		a.showWatchers === b.showWatchers &&
		a.idleLimitMs === b.idleLimitMs &&
		isSameFreeze(a.frozen, b.frozen) &&
		a.viewOnly?.at === b.viewOnly?.at &&
		a.control?.id === b.control?.id &&
		a.control?.state === b.control?.state &&
		a.zone?.label === b.zone?.label &&
		a.zone?.isOpen === b.zone?.isOpen &&
		a.hand?.at === b.hand?.at &&
		a.hand?.note === b.hand?.note);

const isSameFreeze = (a: Standing['frozen'], b: Standing['frozen']): boolean =>
	a === b || (a !== null && b !== null && a.by === b.by && a.note === b.note && a.at === b.at);

function isSamePeople(a: RoomState, b: RoomState): boolean {
	if (a.watchers === b.watchers && a.peers === b.peers) return true;
	const [before, after] = [allWatchers(a), allWatchers(b)];
	return before.length === after.length && before.every(({ staffId }, at) => staffId === after[at]?.staffId);
}

function isSameScreen(a: RoomState, b: RoomState): boolean {
	if (a.recording !== b.recording || a.activePageId !== b.activePageId) return false;
	if (a.pages === b.pages && a.peers === b.peers) return true;
	const [before, after] = [[...allPages(a).values()], [...allPages(b).values()]];
	return before.length === after.length && before.every((page, at) => isShownAlike(page, after[at]));
}

const isShownAlike = (a: ShownPage, b: ShownPage | undefined): boolean =>
	b !== undefined &&
	(a === b ||
		(a.pageId === b.pageId &&
			a.address === b.address &&
			a.title === b.title &&
			a.visible === b.visible &&
			(a.goneAt === null) === (b.goneAt === null)));
