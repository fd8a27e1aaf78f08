// An agency's accent colour: whether people can read it in both themes, the nearest one they can, and all the colours of
// the interface that follow from it. Contrast and colour spaces by culori; the limits are those of WCAG 2.2 AA.
import { clampChroma, converter, formatHex, wcagContrast, type Oklch } from 'culori';

const toOklch = converter('oklch');

/** What the accent stands on, as app.css has it; a test holds both together. */
export const GROUNDS = {
	light: ['#fafafb', '#ffffff', '#f3f4f6'],
	dark: ['#0f1014', '#15171c', '#1c1f26', '#1f222a']
} as const;
export type Theme = keyof typeof GROUNDS;

/** Text, and what is no text but must be told apart from its ground. */
const TEXT = 4.5;
const SHAPE = 3;

/** How finely lightness is searched; below this nobody sees a difference. */
const STEP = 0.004;

/** Six digits and nothing else, in lower case; what else is typed could carry CSS into every page. */
export function parseHex(text: string): string | null {
	const [, digits] = /^\s*#?([0-9a-f]{6})\s*$/i.exec(text) ?? [];
	return digits ? `#${digits.toLowerCase()}` : null;
}

const worst = (hex: string, grounds: readonly string[]): number =>
	Math.min(...grounds.map((ground) => wcagContrast(hex, ground)));

/** The colour at another lightness, as vivid as the screen can show it there. */
const at = (colour: Oklch, l: number, c = colour.c): string =>
	formatHex(clampChroma({ ...colour, l, c }, 'oklch'));

/** What is read best upon it. One of both always reaches 4.58 to 1. */
const inkOn = (hex: string): string => (wcagContrast('#ffffff', hex) >= TEXT ? '#ffffff' : '#000000');

export type AccentCheck =
	| { passes: true; hex: string; contrast: Record<Theme, number> }
	| { passes: false; hex: string; contrast: Record<Theme, number>; faults: Theme[]; nearest: string };

const contrastOf = (hex: string): Record<Theme, number> => ({
	light: worst(hex, GROUNDS.light),
	dark: worst(hex, GROUNDS.dark)
});
const faultsOf = (contrast: Record<Theme, number>): Theme[] =>
	(['light', 'dark'] as const).filter((theme) => contrast[theme] < SHAPE);

/** The passing colour of the same hue whose lightness is nearest. */
function nearestPassing(hex: string): string {
	const colour = toOklch(hex) as Oklch;
	for (let away = STEP; away <= 1; away += STEP)
		for (const l of [colour.l - away, colour.l + away]) {
			const tried = at(colour, Math.min(1, Math.max(0, l)));
			if (faultsOf(contrastOf(tried)).length === 0) return tried;
		}
	// Never reached: a grey of middle lightness passes at every hue.
	return '#767676';
}

/** Whether a button of this colour stands out in both themes. */
export function checkAccent(hex: string): AccentCheck {
	const contrast = contrastOf(hex);
	const faults = faultsOf(contrast);
	return faults.length === 0
		? { passes: true, hex, contrast }
		: { passes: false, hex, contrast, faults, nearest: nearestPassing(hex) };
}

/** Moves lightness by steps until the colour is told apart from every ground. */
function until(colour: Oklch, by: number, enough: number, grounds: readonly string[]): string {
	for (let l = colour.l; l >= 0 && l <= 1; l += by) {
		const tried = at(colour, l);
		if (worst(tried, grounds) >= enough) return tried;
	}
	return by < 0 ? '#000000' : '#ffffff';
}

export type AccentTokens = Record<
	'accent' | 'accent-hover' | 'on-accent' | 'accent-text' | 'accent-soft' | 'accent-line' | 'focus',
	Record<Theme, string>
>;

/** Every token of app.css that follows from the accent. @param hex as `parseHex` gives it */
export function accentTokens(hex: string): AccentTokens {
	const colour = toOklch(hex) as Oklch;
	const ink = inkOn(hex);
	// Away from the ink, so that what stands on it stays as readable.
	const hover = at(colour, colour.l + (ink === '#ffffff' ? -0.06 : 0.06));
	const soft = {
		light: at(colour, 0.965, Math.min(colour.c, 0.03)),
		dark: at(colour, 0.27, Math.min(colour.c, 0.07))
	};
	const same = (value: string) => ({ light: value, dark: value });
	return {
		accent: same(hex),
		'accent-hover': same(hover),
		'on-accent': same(ink),
		'accent-text': {
			light: until(colour, -STEP, TEXT, [...GROUNDS.light, soft.light]),
			dark: until(colour, STEP, TEXT, [...GROUNDS.dark, soft.dark])
		},
		'accent-soft': soft,
		'accent-line': {
			light: at(colour, 0.86, Math.min(colour.c, 0.09)),
			dark: at(colour, 0.42, Math.min(colour.c, 0.11))
		},
		focus: {
			light: until(colour, -STEP, SHAPE, GROUNDS.light),
			dark: until(colour, STEP, SHAPE, GROUNDS.dark)
		}
	};
}

const styles = new Map<string, string>();
/** Accents remembered: more than agencies on one installation, and an end to what grows. */
const MAX_STYLES = 500;

/** The tokens as the text of a style attribute; empty for the colours we ship. */
export function accentStyle(accent: string | null): string {
	// Looked at again on its way out: whatever a row holds, only a colour of ours becomes CSS.
	const hex = accent && parseHex(accent);
	if (!hex) return '';
	const known = styles.get(hex);
	if (known !== undefined) return known;
	const style = Object.entries(accentTokens(hex))
		.map(([name, { light, dark }]) =>
			light === dark ? `--${name}:${light}` : `--${name}:light-dark(${light},${dark})`
		)
		.join(';');
	if (styles.size >= MAX_STYLES) styles.clear();
	styles.set(hex, style);
	return style;
}
