// Style that speaks: words in `content`, custom properties and addresses. Style sheets keep their look; on elements whose
// words are masked only what lays them out and colours them is kept.
import type { MaskingProfile } from '#protocol/masking.ts';
import { cssTokens, unescapeCss } from '../format/css-tokens.ts';
import { isLoose } from '../format/events.ts';
import { blocks } from './blocks.ts';
import { scrubText } from './scrub.ts';

/** Names of fonts and grid areas are strings, too, and are not read by anybody. */
const SILENT = /^--[\w-]*(?:font|area|ease|timing|shadow)/i;

/** A sheet, rule or value as it may leave. */
export function scrubCss(css: string, profile: MaskingProfile): string {
	const clean = scrubText(css);
	if (profile !== 'text' || !/["']/.test(clean)) return clean;
	const tokens = cssTokens(clean);
	let isSpeaking = false;
	for (const [at, token] of tokens.entries()) {
		if (/^[;{}]$/.test(token)) isSpeaking = false;
		else if (/^["']/.test(token)) tokens[at] = isSpeaking ? maskString(token) : token;
		else isSpeaking ||= NAME.test(token) && speaks(token) && startsValue(tokens, at + 1);
	}
	return tokens.join('');
}

const NAME = /^[\w\\\u0080-\uffff-]/;

/** Properties whose strings are words. Attack: the name written with escapes. */
function speaks(token: string): boolean {
	const name = unescapeCss(token);
	return /^content$/i.test(name) || (name.startsWith('--') && !SILENT.test(name));
}

/** A colon follows, whatever space is between. */
function startsValue(tokens: readonly string[], from: number): boolean {
	let at = from;
	while (/^(?:\s|\/\*)/.test(tokens[at] ?? '')) at++;
	return tokens[at] === ':';
}

/** Icons in an icon font and arrows are no words; letters and digits are, by whatever escape they are written. */
function maskString(token: string): string {
	const text = token.slice(1).replace(/["']$/, '');
	return /[\p{L}\p{N}]/u.test(unescapeCss(text)) ? `"${blocks(text)}"` : token;
}

const isSpeaking = (property: string, value: string): boolean =>
	/^(?:--|content$)/i.test(property.trim()) || /url\(|image-set\(|attr\(|["'\\]/i.test(value);

/** The inline style of an element whose words are masked. */
export function layoutOnly(style: string): string {
	const declarations = style.match(/(?:[^;"']+|"[^"]*"|'[^']*')+/g) ?? [];
	const kept = declarations.filter((declaration) => {
		const [property = '', ...value] = declaration.split(':');
		return value.length > 0 && !isSpeaking(property, value.join(':'));
	});
	return kept.join(';');
}

/** The same for rrweb's way to write a changed style: property to value, to [value, priority], or to false. */
export function layoutOnlyChanges(style: unknown): unknown {
	if (!isLoose(style)) return style;
	return Object.fromEntries(
		Object.entries(style).filter(([property, value]) => {
			const text = Array.isArray(value) ? String(value[0]) : typeof value === 'string' ? value : '';
			return !isSpeaking(property, text);
		})
	);
}
