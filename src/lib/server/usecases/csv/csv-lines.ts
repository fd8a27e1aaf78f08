// Rows as CSV text, in a stream that asks for the next rows only when the reader has taken the last. Cells that a
// spreadsheet would run as a formula are made text: names and addresses are typed by strangers.
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | null;

/** Spreadsheets take a file as UTF-8 only by this mark. */
const BYTE_ORDER_MARK = '\uFEFF';

const linesOf = (rows: readonly (readonly Cell[])[]): string =>
	stringify(
		rows.map((row) => [...row]),
		{ escape_formulas: true, record_delimiter: 'windows' }
	);

/** An instant as people and programs read it alike. */
export const csvTime = (at: number | null): Cell => (at === null ? null : new Date(at).toISOString());

/** @param batches the rows, some at a time; what a failed one throws breaks the download off, so that it never looks whole */
export function csvStream(
	head: readonly string[],
	batches: AsyncIterator<Cell[][]>
): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	return new ReadableStream({
		start: (controller) => controller.enqueue(encoder.encode(BYTE_ORDER_MARK + linesOf([head]))),
		async pull(controller) {
			// A pull that hands over nothing is not asked again: empty batches are passed over here.
			for (;;) {
				const { done, value } = await batches.next();
				if (done) return controller.close();
				if (value.length > 0) return controller.enqueue(encoder.encode(linesOf(value)));
			}
		},
		async cancel() {
			await batches.return?.();
		}
	});
}
