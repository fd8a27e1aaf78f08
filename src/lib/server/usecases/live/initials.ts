// Two letters for a round badge: the banner shows who watches where a name does not fit.

/** First letters of the first and the last word: "Sofia van Dam" is SD. */
export function initials(name: string): string {
	const words = name.split(/\s+/).filter(Boolean);
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
	return letters.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('') || '?';
}
