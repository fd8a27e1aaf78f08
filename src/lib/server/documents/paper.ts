// A page and where on it the next thing goes. Keeps text within the margins, turns pages, and tags what is drawn.
import PDFDocument from 'pdfkit';
import { createPen, type Pen, type Style } from './pen.ts';

export const MARGIN = 48;
const FOOTER = 40;

export const INK = {
	text: '#16181d',
	muted: '#535866',
	line: '#d9dbe2',
	danger: '#b42318',
	ok: '#11693f'
} as const;

export const STYLES = {
	title: { size: 20, weight: 'bold' },
	heading: { size: 10.5, weight: 'bold' },
	strong: { size: 9.5, weight: 'bold' },
	text: { size: 9.5 },
	label: { size: 8, colour: INK.muted },
	small: { size: 8, colour: INK.muted }
} as const satisfies Record<string, Style>;

type Doc = InstanceType<typeof PDFDocument>;
/** A node of the tree that a screen reader walks through. */
export type Tag = ReturnType<Doc['struct']>;

export type Paper = {
	doc: Doc;
	pen: Pen;
	/** Width between the margins. */
	width: number;
	/** Where the next thing begins. */
	y: number;
	root: Tag;
	/** Draws something that is read: a heading, a paragraph, a cell. */
	tag(parent: Tag, type: string, draw?: () => void): Tag;
	/** Draws something that is only seen. */
	artifact(draw: () => void): void;
	rule(y: number): void;
	/** Turns the page unless this height is left; true when it did. */
	make(height: number): boolean;
};

/** `madeOn` is the day the file names as its own. */
export function openPaper(info: { title: string; author: string; madeOn: string }): Paper {
	const doc = new PDFDocument({
		size: 'A4',
		margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
		pdfVersion: '1.7',
		tagged: true,
		lang: 'en',
		displayTitle: true,
		bufferPages: true,
		info: {
			Title: info.title,
			Author: info.author,
			Creator: 'Switchback',
			CreationDate: new Date(`${info.madeOn}T00:00:00Z`)
		}
	});
	const root = doc.struct('Document');
	doc.addStructure(root);
	const artifact = (draw: () => void): void => {
		doc.markContent('Artifact', { type: 'Layout' });
		draw();
		doc.endMarkedContent();
	};
	const paper: Paper = {
		doc,
		pen: createPen(doc),
		width: doc.page.width - 2 * MARGIN,
		y: MARGIN,
		root,
		tag(parent, type, draw) {
			const node = draw ? doc.struct(type, {}, draw) : doc.struct(type);
			parent.add(node);
			return node;
		},
		artifact,
		rule: (y) =>
			artifact(() => {
				doc
					.moveTo(MARGIN, y)
					.lineTo(MARGIN + paper.width, y)
					.lineWidth(0.6)
					.strokeColor(INK.line)
					.stroke();
			}),
		make(height) {
			if (paper.y + height <= doc.page.height - MARGIN - FOOTER) return false;
			doc.addPage();
			paper.y = MARGIN;
			return true;
		}
	};
	return paper;
}

/** A line at the foot of every page, once it is known how many there are. */
export function writeFeet({ doc, pen, artifact, width }: Paper, text: string): void {
	const { start, count } = doc.bufferedPageRange();
	for (let page = start; page < start + count; page += 1) {
		doc.switchToPage(page);
		const y = doc.page.height - MARGIN;
		artifact(() => {
			pen.write(text, { x: MARGIN, y, width: width - 80 }, STYLES.small);
			pen.write(`Page ${page + 1} of ${count}`, { x: MARGIN, y, width, align: 'right' }, STYLES.small);
		});
	}
}
