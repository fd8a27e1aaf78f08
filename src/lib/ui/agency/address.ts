/** The address with some parameters changed: null removes one. Kit's own action parameters never stay. */
export function withParams(url: URL, changes: Readonly<Record<string, string | number | null>>): string {
	const params = new URLSearchParams(url.search);
	const actions = [...params.keys()].filter((name) => name.startsWith('/'));
	for (const name of actions) params.delete(name);
	for (const [name, value] of Object.entries(changes)) {
		if (value === null || value === '') params.delete(name);
		else params.set(name, String(value));
	}
	const query = params.toString();
	return query ? `?${query}` : url.pathname;
}
