// The page lane of a recording: one chapter for each address somebody stood at, whether it came as a document of its own
// or by navigation within one.
import { AREAS } from './portal-elements.ts';
import { pageTitle, type OpenedPage, type SeenView, type TimelineSource } from './timeline.ts';

export type Chapter = { pageId: string; from: number; to: number; title: string; address: string };

type Stop = { at: number; pageId: string; address: string; title: string };

const FIRST_REFUSED_STATUS = 400;

const pathOf = (address: string): string => address.split('?', 1)[0] ?? address;

/** "Tasks" for /tasks and for what lies below it; the address itself where no area is known. */
export function areaOf(address: string): string {
	const path = pathOf(address);
	const area = Object.values(AREAS).find(
		({ href }) => path === href || (href !== '/' && path.startsWith(`${href}/`))
	);
	return area?.label ?? address;
}

const isStop = (view: SeenView): view is SeenView & { pageId: string } =>
	view.pageId !== null && view.kind !== 'file' && view.status < FIRST_REFUSED_STATUS;

const fromView = (view: SeenView & { pageId: string }): Stop => ({
	at: view.at,
	pageId: view.pageId,
	address: view.address,
	title: view.label ?? areaOf(view.address)
});

/** A page without any view of its own: the views were written before tickets named pages. */
const fromPage = ({ openedAt, pageId, address, title }: OpenedPage): Stop => ({
	at: openedAt,
	pageId,
	address,
	title: pageTitle(title) || address
});

function stopsOf({ pages, views }: Pick<TimelineSource, 'pages' | 'views'>): Stop[] {
	const seen = views.filter(isStop);
	const known = new Set(seen.map(({ pageId }) => pageId));
	const stops = [...seen.map(fromView), ...pages.filter(({ pageId }) => !known.has(pageId)).map(fromPage)];
	const inOrder = stops.toSorted((a, b) => a.at - b.at);
	// A form sent, a list filtered: the same place goes on.
	return inOrder.filter((stop, n) => {
		const before = inOrder[n - 1];
		return !before || before.pageId !== stop.pageId || pathOf(before.address) !== pathOf(stop.address);
	});
}

/** Chapters of the page lane, in ms since the start, without overlap. */
export function chaptersOf(
	source: Pick<TimelineSource, 'startedAt' | 'lengthMs' | 'pages' | 'views'>
): Chapter[] {
	const stops = stopsOf(source);
	const at = (stop: Stop | undefined): number =>
		stop ? Math.round(Math.min(Math.max(stop.at - source.startedAt, 0), source.lengthMs)) : source.lengthMs;
	return stops.map((stop, index) => ({
		pageId: stop.pageId,
		from: index === 0 ? 0 : at(stop),
		to: at(stops[index + 1]),
		title: stop.title,
		address: stop.address
	}));
}
