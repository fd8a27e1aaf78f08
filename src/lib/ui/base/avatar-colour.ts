const COLOURS = [
	'bg-[light-dark(#e3e5fd,#2c2f63)] text-[light-dark(#3b34a8,#c6c9ff)]',
	'bg-[light-dark(#d9f0e4,#17402b)] text-[light-dark(#0d5735,#9fe3c0)]',
	'bg-[light-dark(#fde7d3,#4d2f14)] text-[light-dark(#823c07,#f8c79c)]',
	'bg-[light-dark(#fbe0ea,#4c1f33)] text-[light-dark(#911c52,#f7b6d0)]',
	'bg-[light-dark(#d8eef8,#143c4f)] text-[light-dark(#0b4f6e,#9fd9f3)]',
	'bg-[light-dark(#eee2fb,#3a2459)] text-[light-dark(#5e2a9c,#d8bdfb)]',
	'bg-[light-dark(#eef0cf,#3a3d12)] text-[light-dark(#565606,#dfe19a)]'
] as const;

/** The colours of a name: the same person looks the same on every page and machine. */
export function avatarColour(name: string): string {
	let sum = 0;
	for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 1_000_003;
	return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

/** First letters of the first and the last word, whole characters even beyond the basic plane. */
export function initials(name: string): string {
	const words = name.trim().split(/\s+/).filter(Boolean);
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0]);
	return letters.join('').toUpperCase() || '?';
}
