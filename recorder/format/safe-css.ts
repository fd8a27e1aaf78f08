// CSS out of a recording, made unable to fetch: url(), src(), image-set() and @import lose every address that is not one
// of our assets. Reads CSS as the browser does (escapes, comments, unclosed strings), since `u\72l(` is `url(` too.
import { cssTokens, unescapeCss } from './css-tokens.ts';

/** Our address for a recorded one, or null when nothing may be loaded for it. */
export type AssetLookup = (url: string) => string | null;

/** Harmless everywhere: browsers fail it without a request. */
export const NO_ASSET = 'about:invalid';

const INLINE_IMAGE =
	/^data:(?:image\/(?:png|jpe?g|gif|webp|avif|svg\+xml)|font\/|application\/(?:x-)?font)[^,]*,/i;

/** Address that may stay in CSS or in a picture: a fragment, an inlined picture or font, or one of our assets. */
export function safeAsset(url: string, allowedAssets: AssetLookup): string | null {
	// Browsers drop control characters inside an address: "java\nscript:" runs.
	// eslint-disable-next-line no-control-regex
	const clean = url.replace(/[\u0000-\u0020\u007f-\u009f]+/g, (run) => (run.includes(' ') ? ' ' : '')).trim();
	if (clean === '' || clean.startsWith('#')) return clean;
	if (INLINE_IMAGE.test(clean)) return clean;
	return allowedAssets(clean);
}

/** Functions whose strings are addresses; an address may also come in through var(), so then the whole goes. */
const STRING_URL_FUNCTIONS = /^(?:src|image|image-set|-webkit-image-set|cross-fade|-webkit-cross-fade)$/;

const quote = (url: string): string =>
	`"${url.replace(/[\\"\n\r\f]/g, (sign) => `\\${sign.codePointAt(0)?.toString(16)} `)}"`;

/** Rewrites a whole style sheet, a declaration list or one value. Linear in its length. */
export function safeCss(css: string, allowedAssets: AssetLookup): string {
	// Most values hold none of the signs a fetch needs: a function, an at-rule or an escape that hides either.
	if (!/[(@\\]/.test(css)) return css;
	const tokens = cssTokens(css);
	const out: string[] = [];
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at] ?? '';
		const name = /^[@\w\\\u0080-\uffff-]/.test(token) ? unescapeCss(token).toLowerCase() : '';
		if (name === '@import' || name === '@import(') {
			at = endOfStatement(tokens, at);
			// What stood around it must not grow together: `u@import "x";rl(` would become `url(`.
			out.push(' ');
		} else if (name === 'url(') at = copyUrl({ tokens, at, out, allowedAssets });
		else if (name.endsWith('(') && STRING_URL_FUNCTIONS.test(name.slice(0, -1)))
			at = copyFunction({ tokens, at, out, allowedAssets });
		else out.push(token);
	}
	return out.join('');
}

type Copying = { tokens: string[]; at: number; out: string[]; allowedAssets: AssetLookup };

/** An @import ends at its semicolon; braces end it too, so that a missing one cannot swallow the sheet. */
function endOfStatement(tokens: string[], from: number): number {
	let at = from + 1;
	while (at < tokens.length && !/^[;{}]$/.test(tokens[at] ?? '')) at++;
	return tokens[at] === ';' ? at : at - 1;
}

function matchingParenthesis(tokens: string[], from: number): number {
	let depth = 1;
	let at = from + 1;
	for (; at < tokens.length; at++) {
		const token = tokens[at] ?? '';
		if (token === ')') depth--;
		else if (token === '(' || (token.length > 1 && /^[^"'/]/.test(token) && token.endsWith('('))) depth++;
		if (depth === 0) break;
	}
	return at;
}

function copyUrl({ tokens, at, out, allowedAssets }: Copying): number {
	let end = at + 1;
	// Inside an unquoted url() nothing nests and nothing is a comment: only `)` ends it.
	let text = '';
	const first = skipSpace(tokens, at + 1);
	if (/^["']/.test(tokens[first] ?? '')) {
		text = stringValue(tokens[first] ?? '');
		end = matchingParenthesis(tokens, at);
	} else {
		while (end < tokens.length && !(tokens[end] ?? '').includes(')')) text += tokens[end++];
		const last = tokens[end] ?? '';
		// A token such as `/*x)*/` or `"a)b"` holds the bracket that ends the address: what follows it is dropped.
		if (last.length > 1) text += last.slice(0, last.indexOf(')'));
		text = unescapeCss(text.trim());
	}
	out.push(`url(${quote(safeAsset(text, allowedAssets) || NO_ASSET)})`);
	return end;
}

function skipSpace(tokens: string[], from: number): number {
	let at = from;
	while (/^\s$/.test(tokens[at] ?? '')) at++;
	return at;
}

const stringValue = (token: string): string => unescapeCss(token.slice(1).replace(/["']$/, ''));

function copyFunction({ tokens, at, out, allowedAssets }: Copying): number {
	const end = matchingParenthesis(tokens, at);
	const inside = tokens.slice(at + 1, end).map((token) => (token.startsWith('/*') ? ' ' : token));
	const isPlain = inside.every((token) => {
		if (/^["']/.test(token)) return safeAsset(stringValue(token), allowedAssets) === stringValue(token);
		return (
			!token.endsWith('(') || token === '(' || /^(?:type|calc|rgba?|hsla?|linear-gradient)\($/i.test(token)
		);
	});
	// Half of an image-set shows as nothing either, so one foreign address costs the whole function.
	out.push(isPlain ? [tokens[at], ...inside, ')'].join('') : 'none');
	return end;
}
