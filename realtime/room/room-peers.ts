// One impersonation over several hubs: what each other hub says of its own sockets, and the one picture of all of them.
// A page is shown as the hub knows it that claimed it last; a person who watches through two hubs is one watcher.
import type { Watcher } from '#protocol/index.ts';
import type { PeerPart, RoomState, ShownPage } from './room-types.ts';

/** What this hub itself holds, as the others are told. */
export const ownPart = ({ pages, watchers }: RoomState): PeerPart => ({
	pages: [...pages.values()].map(({ connection: _connection, nextSeq: _nextSeq, ...page }) => page),
	watchers: [...watchers.values()].map(({ watcher }) => watcher)
});

/** All pages, here and elsewhere. */
export function allPages({
	pages,
	peers
}: Pick<RoomState, 'pages' | 'peers'>): ReadonlyMap<string, ShownPage> {
	if (peers.size === 0) return pages;
	const all = new Map<string, ShownPage>(pages);
	for (const part of peers.values())
		for (const page of part.pages) {
			const known = all.get(page.pageId);
			if (!known || isNewer(page, known)) all.set(page.pageId, page);
		}
	return all;
}

/** Everybody who watches, here and elsewhere. */
export function allWatchers({ watchers, peers }: Pick<RoomState, 'watchers' | 'peers'>): Watcher[] {
	const all = new Map([...watchers].map(([staffId, { watcher }]) => [staffId, watcher]));
	for (const part of peers.values()) for (const watcher of part.watchers) all.set(watcher.staffId, watcher);
	return [...all.values()];
}

/** Connections here of pages that another hub has claimed since: theirs is the newer connection [R9]. */
export const outdatedConnections = (pages: RoomState['pages'], part: PeerPart): string[] =>
	part.pages.flatMap(({ pageId, claim, goneAt }) => {
		const own = pages.get(pageId);
		return own?.connection && goneAt === null && claim > own.claim ? [own.connection] : [];
	});

/** The pages here once a hub is gone: what it held stays known for as long as a page without a connection does. */
export function adoptPages(pages: RoomState['pages'], part: PeerPart, now: number): RoomState['pages'] {
	const adopted = new Map(pages);
	for (const page of part.pages) {
		const own = pages.get(page.pageId);
		if (own && (own.connection !== null || isNewer(own, page))) continue;
		const goneAt = page.goneAt ?? now;
		adopted.set(page.pageId, { ...page, goneAt, connection: null, nextSeq: own?.nextSeq ?? 0 });
	}
	return adopted;
}

/** Connected before gone, then whoever claimed it last, then whoever saw it last. */
function isNewer(a: ShownPage, b: ShownPage): boolean {
	if ((a.goneAt === null) !== (b.goneAt === null)) return a.goneAt === null;
	if (a.claim !== b.claim) return a.claim > b.claim;
	return (a.goneAt ?? 0) > (b.goneAt ?? 0);
}
