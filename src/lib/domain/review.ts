// What a reviewer says of a recording. Apart from the rules of risk, whose library browsers never get.

/** Stored: added, never renamed [H4]. */
export const VERDICTS = {
	fine: { label: 'Fine', text: 'What was done fits the reason.' },
	coach: { label: 'Coach', text: 'No harm, but it should be done otherwise. Say how.' },
	breach: { label: 'Breach', text: 'A rule was broken. Say which, and what follows.' }
} as const;
export type Verdict = keyof typeof VERDICTS;
export const VERDICT_KEYS = Object.keys(VERDICTS) as Verdict[];

/** What is looked at each time. Stored by key: added, never renamed [H4]. */
export const CHECKS = {
	reason: 'The reason given explains what was opened',
	needed: 'Only what was needed was opened',
	changes: 'Each change was asked for by the client',
	personal: 'Personal data was handled with care'
} as const;
export type CheckKey = keyof typeof CHECKS;
export const CHECK_KEYS = Object.keys(CHECKS) as CheckKey[];

export const MAX_NOTE = 2_000;
export const MAX_COMMENT = 2_000;

/** Letters and digits may go on behind a name: "@Al" is not in "@Alma". */
const ENDS = /[\p{L}\p{N}]/u;

function isNamedAt(text: string, name: string, at: number): boolean {
	const before = at === 0 ? '' : (text[at - 1] ?? '');
	const after = text[at + name.length + 1] ?? '';
	return !ENDS.test(before) && !ENDS.test(after);
}

/** Whom a text names with an @ before their whole name. Longer names first: "@Maya Lind" also begins "@Maya". */
export function mentionedIn<P extends { name: string }>(text: string, people: readonly P[]): P[] {
	let rest = text.toLowerCase();
	return people
		.toSorted((a, b) => b.name.length - a.name.length)
		.filter(({ name }) => {
			const wanted = name.toLowerCase();
			let isNamed = false;
			for (let at = rest.indexOf(`@${wanted}`); at >= 0; at = rest.indexOf(`@${wanted}`, at + 1)) {
				if (!isNamedAt(rest, wanted, at)) continue;
				isNamed = true;
				rest = rest.slice(0, at) + ' '.repeat(wanted.length + 1) + rest.slice(at + wanted.length + 1);
			}
			return isNamed;
		});
}

/** A text cut at its mentions, to be drawn as text: never as markup. */
export function commentParts(text: string, names: readonly string[]): { text: string; isName: boolean }[] {
	const wanted = names.toSorted((a, b) => b.length - a.length).map((name) => name.toLowerCase());
	const lower = text.toLowerCase();
	const parts: { text: string; isName: boolean }[] = [];
	let from = 0;
	for (let at = lower.indexOf('@'); at >= 0; at = lower.indexOf('@', at + 1)) {
		if (at < from) continue;
		const name = wanted.find((one) => lower.startsWith(`@${one}`, at) && isNamedAt(lower, one, at));
		if (!name) continue;
		if (at > from) parts.push({ text: text.slice(from, at), isName: false });
		from = at + name.length + 1;
		parts.push({ text: text.slice(at, from), isName: true });
	}
	if (from < text.length) parts.push({ text: text.slice(from), isName: false });
	return parts;
}
