type Person = { id: string; name: string };

const MAX_SHOWN = 5;
/** An @ and what was typed behind it, up to the caret; names have spaces. */
const BEGUN = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}][\p{L}\p{N} .'’-]{0,40}|)$/u;

const begunIn = (text: string, caret: number): string | null => BEGUN.exec(text.slice(0, caret))?.[1] ?? null;

/** Who may be meant by what stands before the caret; nobody once a name is whole. */
export function nameBegun<P extends Person>(text: string, caret: number, people: readonly P[]): P[] {
	const begun = begunIn(text, caret)?.toLowerCase();
	if (begun === undefined) return [];
	const fits = people.filter(({ name }) => {
		const lower = name.toLowerCase();
		return (
			lower !== begun && (lower.startsWith(begun) || lower.split(' ').some((part) => part.startsWith(begun)))
		);
	});
	return fits.slice(0, MAX_SHOWN);
}

/** The text with the name in the place of what was begun, and where the caret stands then. */
export function withName(text: string, caret: number, name: string): { text: string; caret: number } {
	const begun = begunIn(text, caret) ?? '';
	const from = caret - begun.length;
	const gap = text[caret] === ' ' ? '' : ' ';
	return { text: text.slice(0, from) + name + gap + text.slice(caret), caret: from + name.length + 1 };
}
