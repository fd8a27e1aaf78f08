// The upper part of an invoice: who, to whom, its number, its days and where it stands.
import { dayText } from '#domain/renewal.ts';
import { isDrawable } from './check-picture.ts';
import { INK, MARGIN, STYLES, type Paper } from './paper.ts';
import { titleOf, type InvoiceSheet } from './sheet.ts';

const LOGO = { width: 170, height: 46 };

/** Its declarations know `openImage` only by what `image` takes. */
type Picture = Parameters<Paper['doc']['image']>[0];
type Opening = { openImage(bytes: Buffer): Picture };

function openLogo(paper: Paper, { logo }: InvoiceSheet): Picture | null {
	if (!logo || !isDrawable(logo.bytes, logo.type)) return null;
	try {
		return (paper.doc as unknown as Opening).openImage(logo.bytes);
	} catch {
		// A picture that its own format does not explain must not keep anybody from an invoice: the name stands there.
		return null;
	}
}

function drawLogo(paper: Paper, sheet: InvoiceSheet): boolean {
	const picture = openLogo(paper, sheet);
	if (!picture) return false;
	const figure = paper.doc.struct('Figure', { alt: sheet.from.name }, () => {
		paper.doc.image(picture, MARGIN, MARGIN, { fit: [LOGO.width, LOGO.height] });
	});
	paper.root.add(figure);
	return true;
}

function stateWords(sheet: InvoiceSheet): { text: string; colour: string } | null {
	if (sheet.status === 'void') return { text: 'Void', colour: INK.danger };
	if (sheet.status === 'draft') return { text: 'Draft', colour: INK.muted };
	if (sheet.status === 'paid')
		return { text: sheet.paidOn ? `Paid on ${dayText(sheet.paidOn)}` : 'Paid', colour: INK.ok };
	return sheet.overdue ? { text: 'Overdue', colour: INK.danger } : null;
}

function writeTitle(paper: Paper, sheet: InvoiceSheet): void {
	const { pen, width, root } = paper;
	const style = { ...STYLES.title, colour: sheet.accent ?? INK.text };
	const place = { x: MARGIN + width / 2, y: MARGIN, width: width / 2, align: 'right' } as const;
	paper.tag(root, 'H1', () => (paper.y = pen.write(titleOf(sheet), place, style)));
	const state = stateWords(sheet);
	if (state)
		paper.tag(root, 'P', () => {
			paper.y = pen.write(state.text, { ...place, y: paper.y }, { ...STYLES.strong, colour: state.colour });
		});
}

type Party = { label: string; name: string; address: string; taxId: string };

const textOf = ({ address, taxId }: Party): string =>
	[address.trim(), taxId && `Tax ID ${taxId}`].filter(Boolean).join('\n');

function writeParty(paper: Paper, party: Party, x: number, y: number): number {
	const { pen, root, width } = paper;
	const place = { x, width: width / 2 - 16 };
	let at = y;
	paper.tag(root, 'P', () => {
		at = pen.write(party.label, { ...place, y: at }, STYLES.label);
		at = pen.write(party.name, { ...place, y: at }, STYLES.strong);
		if (textOf(party)) at = pen.write(textOf(party), { ...place, y: at }, STYLES.text);
	});
	return at;
}

function writeDays(paper: Paper, sheet: InvoiceSheet): void {
	const { pen, root, width } = paper;
	const days = [
		{ label: 'Issued', text: dayText(sheet.issuedOn) },
		{ label: 'Due', text: dayText(sheet.dueOn) },
		{ label: 'Currency', text: sheet.currency }
	];
	const column = width / days.length;
	const top = paper.y;
	days.forEach(({ label, text }, index) => {
		const place = { x: MARGIN + index * column, width: column };
		paper.tag(root, 'P', () => {
			const at = pen.write(label, { ...place, y: top }, STYLES.label);
			paper.y = pen.write(text, { ...place, y: at }, STYLES.text);
		});
	});
}

/** Draws all of it and leaves `y` under it. */
export function drawHead(paper: Paper, sheet: InvoiceSheet): void {
	const hasLogo = drawLogo(paper, sheet);
	if (!hasLogo)
		paper.tag(paper.root, 'P', () => {
			const place = { x: MARGIN, y: MARGIN + 3, width: paper.width / 2 - 16 };
			paper.pen.write(sheet.from.name, place, { size: 14, weight: 'bold' });
		});
	writeTitle(paper, sheet);
	const top = Math.max(paper.y, MARGIN + LOGO.height) + 18;
	const half = MARGIN + paper.width / 2;
	const ends = [
		writeParty(paper, { label: 'From', ...sheet.from }, MARGIN, top),
		writeParty(paper, { label: 'Billed to', ...sheet.to }, half, top)
	];
	paper.y = Math.max(...ends) + 16;
	paper.rule(paper.y - 6);
	writeDays(paper, sheet);
	paper.y += 18;
}
