// An invoice as a PDF: A4, tagged, as many pages as it takes.
import type { Readable } from 'node:stream';
import { drawFoot } from './invoice-foot.ts';
import { drawHead } from './invoice-head.ts';
import { drawTable } from './invoice-table.ts';
import { openPaper, writeFeet } from './paper.ts';
import { titleOf, type InvoiceSheet } from './sheet.ts';

/** The document's bytes, as they come. */
export function drawInvoice(sheet: InvoiceSheet): Readable {
	const title = titleOf(sheet);
	const paper = openPaper({ title, author: sheet.from.name, madeOn: sheet.issuedOn });
	drawHead(paper, sheet);
	drawTable(paper, sheet);
	drawFoot(paper, sheet);
	paper.root.end();
	writeFeet(paper, `${sheet.from.name} · ${title}`);
	paper.doc.end();
	// Declared as the web's older stream; it is Node's own.
	return paper.doc as unknown as Readable;
}
