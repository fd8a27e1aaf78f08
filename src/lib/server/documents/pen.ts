// Writes text on a page: letters from several font files on one line, wrapping, three alignments. Places are points from
// the upper left corner, `y` the top of the line.
import type PDFKit from 'pdfkit';
import { readFont, splitRuns, type Run, type Subset, type Weight } from './font-runs.ts';

export type Style = { size: number; weight?: Weight; colour?: string };
export type Place = { x: number; y: number; width: number; align?: 'left' | 'right' };

/** What stands at the right is numbers below numbers: every figure is as wide as the next. */
const EVEN_FIGURES: PDFKit.Mixins.OpenTypeFeatures[] = ['tnum'];

/** Line height over size: Inter is drawn tall. */
const LEADING = 1.42;

export type Pen = {
	/** Lines of a text within a width. */
	wrap(text: string, width: number, style: Style): string[];
	/** Height of that many lines. */
	height(lines: number, style: Style): number;
	/** Writes, wrapped, and answers where the next line would begin. */
	write(text: string, place: Place, style: Style): number;
};

type Doc = PDFKit.PDFDocument;

type Measure = (text: string) => number;

/** A word wider than the column (an address, a number) is cut, or it would run into the next one. */
function cut(word: string, width: number, measure: Measure): string[] {
	const parts: string[] = [];
	let current = '';
	for (const letter of word) {
		if (current !== '' && measure(current + letter) > width) {
			parts.push(current);
			current = letter;
		} else current += letter;
	}
	return [...parts, current];
}

function wrapLine(line: string, width: number, measure: Measure): string[] {
	const lines: string[] = [];
	let current = '';
	for (const word of line.split(/\s+/).filter(Boolean)) {
		const longer = current ? `${current} ${word}` : word;
		if (measure(longer) <= width) {
			current = longer;
			continue;
		}
		if (current) lines.push(current);
		const parts = cut(word, width, measure);
		lines.push(...parts.slice(0, -1));
		current = parts.at(-1) ?? '';
	}
	return [...lines, current];
}

export function createPen(doc: Doc): Pen {
	const registered = new Set<string>();

	const use = (subset: Subset, { size, weight = 'normal' }: Style): void => {
		const name = `${subset} ${weight}`;
		if (!registered.has(name)) {
			// pdfkit declares ArrayBuffer views of the browser; a Buffer is one.
			doc.registerFont(name, readFont(subset, weight) as unknown as ArrayBuffer);
			registered.add(name);
		}
		doc.font(name).fontSize(size);
	};

	const widthOfRun = (run: Run, style: Style, features: typeof EVEN_FIGURES = []): number => {
		use(run.subset, style);
		// An empty list is not the same as none: it switches the library's memory of words off.
		return doc.widthOfString(run.text, features.length > 0 ? { features } : {});
	};
	const widthOf = (text: string, style: Style): number =>
		splitRuns(text).reduce((sum, run) => sum + widthOfRun(run, style), 0);

	const wrap = (text: string, width: number, style: Style): string[] =>
		text.split(/\r?\n/).flatMap((line) => wrapLine(line, width, (part) => widthOf(part, style)));

	const height = (lines: number, { size }: Style): number => lines * size * LEADING;

	const writeLine = (line: string, { x, y, width, align }: Place, style: Style): void => {
		const features = align === 'right' ? EVEN_FIGURES : [];
		const runs = splitRuns(line);
		const widths = runs.map((run) => widthOfRun(run, style, features));
		let at = align === 'right' ? x + width - widths.reduce((sum, one) => sum + one, 0) : x;
		runs.forEach((run, index) => {
			use(run.subset, style);
			doc.fillColor(style.colour ?? '#16181d').text(run.text, at, y, {
				lineBreak: false,
				...(features.length > 0 ? { features } : {})
			});
			at += widths[index] ?? 0;
		});
	};

	const write = (text: string, place: Place, style: Style): number => {
		const lines = wrap(text, place.width, style);
		lines.forEach((line, index) => {
			if (line) writeLine(line, { ...place, y: place.y + height(index, style) }, style);
		});
		return place.y + height(lines.length, style);
	};

	return { wrap, height, write };
}
