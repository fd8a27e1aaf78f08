// Lists keep their state in the address; what is not understood there falls back, so that no bookmark ever breaks.

const MAX_PAGE = 10_000;

/** The page asked for, counted from 1; `name` where a page of ours has several lists. */
export function pageOf(url: URL, name = 'page'): number {
	const page = Number(url.searchParams.get(name) ?? 1);
	return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
}

/** The choice asked for, or the first one. */
export function choiceOf<T extends string>(url: URL, name: string, choices: readonly [T, ...T[]]): T {
	const given = url.searchParams.get(name);
	return choices.find((choice) => choice === given) ?? choices[0];
}

/** An address with some parameters changed; null and '' take one away. */
export function withQuery(
	path: string,
	now: Record<string, string>,
	change: Record<string, string | null>
): string {
	const entries = Object.entries({ ...now, ...change }).filter((e): e is [string, string] => Boolean(e[1]));
	const query = new URLSearchParams(entries).toString();
	return query ? `${path}?${query}` : path;
}

/** Another page of one part of a record; the other parts stay where they are. */
export const partHref =
	(url: URL, part: string) =>
	(page: number): string => {
		const kept = [...url.searchParams].filter(([name]) => !name.startsWith('/') && name !== part);
		const query = new URLSearchParams(page === 1 ? kept : [...kept, [part, String(page)]]).toString();
		return query ? `?${query}` : url.pathname;
	};

/** A form action of this page that keeps the list as it is: the address without what earlier actions left in it. */
export function actionAt(url: URL, action: string): string {
	const kept = [...url.searchParams].filter(([name]) => !name.startsWith('/') && name !== 'deleted');
	const query = new URLSearchParams(kept).toString();
	return query ? `?${query}&/${action}` : `?/${action}`;
}
