// The lines of an invoice. A row is never torn apart, and a page that goes on with them begins with their head again.
import { formatMoney } from '#domain/money.ts';
import { MARGIN, STYLES, type Paper, type Tag } from './paper.ts';
import type { Style } from './pen.ts';
import type { InvoiceSheet } from './sheet.ts';

const HEADS = ['Description', 'Quantity', 'Price', 'Amount'] as const;
/** Parts of the width: the first is words, the others are numbers. */
const SHARES = [0.49, 0.13, 0.19, 0.19] as const;
const GAP = 10;
const PADDING = 5;

type Cell = { text: string; style: Style };

function columnOf(paper: Paper, index: number) {
	const before = SHARES.slice(0, index).reduce((sum, share) => sum + share, 0);
	const gap = index === 0 ? 0 : GAP;
	return {
		x: MARGIN + before * paper.width + gap,
		width: (SHARES[index] ?? 0) * paper.width - gap,
		align: index === 0 ? ('left' as const) : ('right' as const)
	};
}

const rowHeight = (paper: Paper, cells: readonly Cell[]): number =>
	Math.max(
		...cells.map(({ text, style }, index) =>
			paper.pen.height(paper.pen.wrap(text, columnOf(paper, index).width, style).length, style)
		)
	) +
	2 * PADDING;

function drawRow(paper: Paper, parent: Tag, type: 'TH' | 'TD', cells: readonly Cell[]): void {
	const height = rowHeight(paper, cells);
	const row = paper.tag(parent, 'TR');
	cells.forEach(({ text, style }, index) => {
		const place = { ...columnOf(paper, index), y: paper.y + PADDING };
		paper.tag(row, type, () => paper.pen.write(text, place, style));
	});
	paper.y += height;
	paper.rule(paper.y);
}

const headCells: Cell[] = HEADS.map((text) => ({ text, style: { ...STYLES.label, weight: 'bold' } }));

/** On a later page the head is for the eye: a screen reader has heard it. */
function repeatHead(paper: Paper): void {
	const height = rowHeight(paper, headCells);
	paper.artifact(() => {
		headCells.forEach(({ text, style }, index) =>
			paper.pen.write(text, { ...columnOf(paper, index), y: paper.y + PADDING }, style)
		);
	});
	paper.y += height;
	paper.rule(paper.y);
}

/** Draws all lines and leaves `y` under them. */
export function drawTable(paper: Paper, sheet: InvoiceSheet): void {
	const money = (minor: number) => formatMoney({ minor, currency: sheet.currency });
	const table = paper.tag(paper.root, 'Table');
	drawRow(paper, table, 'TH', headCells);
	for (const line of sheet.lines) {
		const cells = [
			line.description,
			String(line.quantity),
			money(line.unitMinor),
			money(line.amountMinor)
		].map((text) => ({ text, style: STYLES.text }));
		if (paper.make(rowHeight(paper, cells))) repeatHead(paper);
		drawRow(paper, table, 'TD', cells);
	}
	paper.y += 10;
}
