// Which page of a recording is on the screen: the one somebody last acted on or opened. One rule for whoever shows the picture
// and whoever draws a timeline of it.

/** From then on (hub time) it is this page. */
export type Turn = { from: number; pageId: string };
/** `startsAt`: hub time of its first event; `acts`: when somebody acted on it. */
export type ActedPage = { pageId: string; startsAt: number; acts: readonly number[] };

/** In the order of time; of two at one moment the page that was opened later is shown. @param pages in the order they were opened */
export function turnsOf(pages: readonly ActedPage[]): Turn[] {
	const turns = pages.flatMap(({ pageId, startsAt, acts }) =>
		[startsAt, ...acts].map((from): Turn => ({ from, pageId }))
	);
	return turns.toSorted((a, b) => a.from - b.from);
}
