// Writes a change of some style properties into the text of a `style` attribute, where that can be done without knowing
// what each shorthand of CSS stands for. Where it cannot, the caller keeps the change beside the text.
import type { StyleChange } from './shadow-node.ts';

/** Longer texts are not parsed for each change: a hostile page could make every event cost a megabyte. */
const MAX_PARSED_LENGTH = 20_000;

const SHORTHANDS = new Set(
	(
		'all animation animation-range background background-position border border-block border-block-color border-block-end ' +
		'border-block-start border-block-style border-block-width border-bottom border-color border-image border-inline ' +
		'border-inline-color border-inline-end border-inline-start border-inline-style border-inline-width border-left ' +
		'border-radius border-right border-spacing border-style border-top border-width caret column-rule columns ' +
		'contain-intrinsic-size container flex flex-flow font font-synthesis font-variant gap grid grid-area grid-column ' +
		'grid-gap grid-row grid-template inset inset-block inset-inline line-clamp list-style margin margin-block ' +
		'margin-inline marker mask mask-border mask-position offset outline overflow overscroll-behavior padding padding-block ' +
		'padding-inline page-break-after page-break-before page-break-inside place-content place-items place-self ' +
		'position-try scroll-margin scroll-margin-block scroll-margin-inline scroll-padding scroll-padding-block ' +
		'scroll-padding-inline scroll-timeline text-box text-decoration text-emphasis text-spacing text-wrap transition ' +
		'view-timeline white-space'
	).split(' ')
);

const isShorthand = (name: string): boolean => SHORTHANDS.has(name) || name.startsWith('-webkit-');

type Declaration = { value: string; isImportant: boolean };

/** The new text of the attribute; null when only a browser could tell. */
export function mergeStyle(text: string, changes: ReadonlyMap<string, StyleChange>): string | null {
	if (text.length > MAX_PARSED_LENGTH) return null;
	const declarations = parseDeclarations(text);
	let hasShorthand = false;
	let hasImportant = false;
	for (const [name, { isImportant }] of declarations) {
		hasShorthand ||= isShorthand(name);
		hasImportant ||= isImportant;
	}
	for (const [name, change] of changes) {
		if (change === false) {
			// `margin: 5px` without its margin-top is three longhands: which ones, only a browser knows.
			if (hasShorthand || isShorthand(name)) return null;
			declarations.delete(name);
			continue;
		}
		// An important shorthand outweighs a later longhand that is not.
		if (hasImportant && (hasShorthand || isShorthand(name))) return null;
		const [value, priority] = typeof change === 'string' ? [change, ''] : change;
		// After a shorthand the last word counts; else the place stays, as it does in a browser.
		if (hasShorthand || isShorthand(name)) declarations.delete(name);
		declarations.set(name, { value, isImportant: priority === 'important' });
	}
	return [...declarations]
		.map(([name, { value, isImportant }]) => `${name}: ${value}${isImportant ? ' !important' : ''};`)
		.join(' ');
}

/** Declarations by name in their order; of a name given twice the later one. */
function parseDeclarations(text: string): Map<string, Declaration> {
	const found = new Map<string, Declaration>();
	for (const part of splitDeclarations(text)) {
		const colon = part.indexOf(':');
		if (colon < 1) continue;
		const name = part.slice(0, colon).trim();
		let value = part.slice(colon + 1).trim();
		const mark = value.lastIndexOf('!');
		const isImportant =
			mark >= 0 &&
			value
				.slice(mark + 1)
				.trim()
				.toLowerCase() === 'important';
		if (isImportant) value = value.slice(0, mark).trimEnd();
		const key = name.startsWith('--') ? name : name.toLowerCase();
		// An earlier important one stays in force; else the later takes its place at the end.
		if (found.get(key)?.isImportant && !isImportant) continue;
		found.delete(key);
		if (key && value) found.set(key, { value, isImportant });
	}
	return found;
}

/** Cuts at the semicolons that end a declaration: not those in strings, brackets, comments or behind a backslash. */
function splitDeclarations(text: string): string[] {
	const parts: string[] = [];
	let part = '';
	let depth = 0;
	for (const token of text.match(
		/\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|\\[\s\S]|[^"'/\\;()[\]{}]+|[\s\S]/g
	) ?? []) {
		if (/^[([{]$/.test(token)) depth++;
		else if (/^[)\]}]$/.test(token)) depth = Math.max(0, depth - 1);
		if (token === ';' && depth === 0) {
			parts.push(part);
			part = '';
			// What stood around a comment must not grow together.
		} else part += token.startsWith('/*') ? ' ' : token;
	}
	return [...parts, part];
}
