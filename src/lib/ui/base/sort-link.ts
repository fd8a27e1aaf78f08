/**
 * A column head's link and its direction, for `?sort=name` and `?sort=-name`. Where a column is read from its end (the
 * newest, the largest), `first` says so: its first press sorts that way.
 */
export function sortLink(
	current: string,
	key: string,
	href: (sort: string) => string,
	first: 'asc' | 'desc' = 'asc'
): { href: string; direction?: 'asc' | 'desc' } {
	const direction = current === key ? 'asc' : current === `-${key}` ? 'desc' : undefined;
	const next = direction ? (direction === 'asc' ? 'desc' : 'asc') : first;
	const link = { href: href(next === 'desc' ? `-${key}` : key) };
	return direction ? { ...link, direction } : link;
}
