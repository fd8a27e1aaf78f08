// Style that speaks: words in `content`, custom properties and addresses. Style sheets keep their look; on elements whose
// words are masked only what lays them out and colours them is kept.
import type { MaskingProfile } from '#protocol/masking.ts';
import { isLoose } from '../format/events.ts';
import { blocks } from './blocks.ts';
import { scrubText } from './scrub.ts';

/** A `content` or custom property with its value: strings may hold semicolons and braces. */
const SPEAKING = /((?:\bcontent|--[\w-]+)\s*:)((?:[^;{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)/gi;
const STRING = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g;

/** Names of fonts and grid areas are strings, too, and are not read by anybody. */
const SILENT = /^--[\w-]*(?:font|area|ease|timing|shadow)/i;

/** A sheet, rule or value as it may leave. */
export function scrubCss(css: string, profile: MaskingProfile): string {
	const clean = scrubText(css);
	if (profile !== 'text' || !/["']/.test(clean)) return clean;
	return clean.replace(SPEAKING, (all: string, name: string, value: string) =>
		SILENT.test(name) ? all : name + value.replace(STRING, maskString)
	);
}

/** Icons in an icon font and arrows are no words; letters and digits are. */
const maskString = (all: string): string =>
	/[\p{L}\p{N}]/u.test(all.replace(/\\[\da-f]{1,6}\s?/gi, '')) ? `"${blocks(all.slice(1, -1))}"` : all;

const isSpeaking = (property: string, value: string): boolean =>
	/^(?:--|content$)/i.test(property.trim()) || /url\(|image-set\(|attr\(|["'\\]/i.test(value);

/** The inline style of an element whose words are masked. */
export function layoutOnly(style: string): string {
	const declarations = style.match(/(?:[^;"']|"[^"]*"|'[^']*')+/g) ?? [];
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
