/**
 * Puts the agency's accent on the root. The server wrote it there already; this is for what changes without a new
 * document: signing in, and choosing another colour. Untouched when it is the same, so that a recorder sees nothing.
 */
export function wearLook(look: string): void {
	const root = document.documentElement;
	if ((root.getAttribute('style') ?? '') !== look) root.setAttribute('style', look);
}
