// CSS cut into tokens as a browser reads it: escapes, comments, unclosed strings. By small steps that never look back, since
// one expression over a whole hostile sheet runs out of stack.

/** An escape, with the one white space that belongs to a hexadecimal one: `u\72 l(` is `url(`. */
const ESCAPE = String.raw`\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^\n\r\f0-9a-fA-F])`;
const NAME_START = new RegExp(String.raw`@?(?:--|-?(?:[A-Za-z_\u0080-\uffff]|${ESCAPE}))`, 'y');
const NAME_PART = new RegExp(String.raw`[\w\u0080-\uffff-]+|${ESCAPE}`, 'y');
const STRING_PART = {
	'"': /[^"\\\n\r\f]+|\\(?:\r\n|[\s\S]|$)/y,
	"'": /[^'\\\n\r\f]+|\\(?:\r\n|[\s\S]|$)/y
};

/**
 * The tokens in order; put together they are `css` again. A comment, a string with its quotes (the last is missing where it
 * is not closed), a name or at-word with the bracket that makes it a function, or one sign. Linear in the length.
 */
export function cssTokens(css: string): string[] {
	const tokens: string[] = [];
	for (let at = 0; at < css.length;) {
		const end = endOfToken(css, at);
		tokens.push(css.slice(at, end));
		at = end;
	}
	return tokens;
}

function endOfToken(css: string, at: number): number {
	const sign = css.charAt(at);
	if (sign === '/' && css[at + 1] === '*') {
		const end = css.indexOf('*/', at + 2);
		return end < 0 ? css.length : end + 2;
	}
	if (sign === '"' || sign === "'") {
		const end = endOfRun(STRING_PART[sign], css, at + 1);
		return css[end] === sign ? end + 1 : end;
	}
	NAME_START.lastIndex = at;
	if (!NAME_START.test(css)) return at + 1;
	const end = endOfRun(NAME_PART, css, NAME_START.lastIndex);
	return css[end] === '(' ? end + 1 : end;
}

function endOfRun(part: RegExp, css: string, from: number): number {
	let end = from;
	part.lastIndex = from;
	while (end < css.length && part.test(css)) end = part.lastIndex;
	return end;
}

/** A name, or what stands in a string, without its escapes. */
export const unescapeCss = (text: string): string =>
	text.replace(/\\(?:([0-9a-fA-F]{1,6})\s?|(\r\n|[\n\r\f])|([\s\S]))/g, (_all, hex, newline, other) => {
		if (newline) return '';
		if (!hex) return other;
		const code = Number.parseInt(hex, 16);
		return code === 0 || code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
	});
