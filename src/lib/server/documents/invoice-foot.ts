// What stands under the lines: sums, payments, how to pay, and what else was said.
import { dueMinor, methodLabel } from '#domain/invoice.ts';
import { formatMoney } from '#domain/money.ts';
import { dayText } from '#domain/renewal.ts';
import { MARGIN, STYLES, type Paper } from './paper.ts';
import type { Style } from './pen.ts';
import type { InvoiceSheet } from './sheet.ts';

type Sum = { label: string; minor: number; style: Style };

function sumsOf(sheet: InvoiceSheet): Sum[] {
	const { text, strong } = STYLES;
	const sums: Sum[] = [
		{ label: 'Subtotal', minor: sheet.subtotalMinor, style: text },
		{ label: `Tax ${sheet.taxRateBp / 100} %`, minor: sheet.taxMinor, style: text },
		{ label: 'Total', minor: sheet.totalMinor, style: strong }
	];
	if (sheet.status !== 'open') return sums;
	if (sheet.paidMinor > 0) sums.push({ label: 'Paid', minor: sheet.paidMinor, style: text });
	return [...sums, { label: 'Amount due', minor: dueMinor(sheet), style: { ...strong, size: 11 } }];
}

/** Label and amount on one line, at the right half of the page. */
function drawSums(paper: Paper, sheet: InvoiceSheet): void {
	const sums = sumsOf(sheet);
	const half = paper.width / 2;
	paper.make(sums.length * 18);
	const table = paper.tag(paper.root, 'Table');
	for (const { label, minor, style } of sums) {
		const row = paper.tag(table, 'TR');
		const place = { x: MARGIN + half, y: paper.y, width: half };
		const amount = formatMoney({ minor, currency: sheet.currency });
		paper.tag(row, 'TH', () => paper.pen.write(label, { ...place, width: half / 2 }, style));
		paper.tag(row, 'TD', () => {
			paper.y = paper.pen.write(amount, { ...place, align: 'right' }, style) + 3;
		});
	}
	paper.y += 14;
}

/** A headed block of text that turns the page line by line, however long it is. */
function drawBlock(paper: Paper, heading: string, text: string): void {
	if (!text.trim()) return;
	const { pen, root, width } = paper;
	paper.make(pen.height(1, STYLES.heading) + pen.height(2, STYLES.text));
	paper.tag(root, 'H2', () => {
		paper.y = pen.write(heading, { x: MARGIN, y: paper.y, width }, STYLES.heading) + 2;
	});
	for (const line of pen.wrap(text, width, STYLES.text)) {
		paper.make(pen.height(1, STYLES.text));
		paper.tag(root, 'P', () => {
			paper.y = pen.write(line, { x: MARGIN, y: paper.y, width }, STYLES.text);
		});
	}
	paper.y += 12;
}

const paymentsText = ({ payments, currency }: InvoiceSheet): string =>
	(payments ?? [])
		.map(({ amountMinor, method, reference, paidOn }) =>
			[dayText(paidOn), formatMoney({ minor: amountMinor, currency }), methodLabel(method), reference]
				.filter(Boolean)
				.join(' · ')
		)
		.join('\n');

/** Draws all of it and leaves `y` under it. */
export function drawFoot(paper: Paper, sheet: InvoiceSheet): void {
	drawSums(paper, sheet);
	drawBlock(paper, 'Payments', paymentsText(sheet));
	if (sheet.voidReason) drawBlock(paper, 'Void', sheet.voidReason);
	if (dueMinor(sheet) > 0) drawBlock(paper, 'How to pay', sheet.from.paymentNote);
	drawBlock(paper, 'Note', sheet.note);
}
