// Switch Back returns to the same place of the same page. The portal is another origin, so this tab's own storage keeps
// the place while the staff member is inside.
const KEY = 'impersonate:scroll';

/** Called when the page is left for the portal. */
export function keepScroll(address: string): void {
	try {
		sessionStorage.setItem(KEY, JSON.stringify({ address, y: window.scrollY }));
	} catch {
		// Storage is forbidden: the page then opens at its top.
	}
}

/** Scrolls back once, if this is the page that was left. */
export function restoreScroll(address: string): void {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as {
			address?: unknown;
			y?: unknown;
		} | null;
		if (kept?.address !== address) return;
		sessionStorage.removeItem(KEY);
		if (typeof kept.y === 'number') window.scrollTo({ top: kept.y });
	} catch {
		// Storage is forbidden or damaged: the page stays at its top.
	}
}
