// When something came and when a person acted, within one block: a byte for each cell of time. The low seven bits count
// batches (127: that many or more), the high bit says that a person did something. SPEC.md §Activity. Stored format [H4].

/** A second is as fine as a timeline of an hour can show. */
const CELL_MS = 1_000;

/** However long a stretch is, its row stays small. */
const MAX_CELLS = 240;

const ACTED = 0x80;
const MOST = 0x7f;

/** Hub times: of each batch, and of what a person did. */
export type ActivityTimes = { batches: readonly number[]; acts: readonly number[] };
export type ActivityCell = { at: number; batches: number; hasActed: boolean };
type Span = { fromAt: number; toAt: number };

/** How long one cell of this stretch is: a second, or more in a stretch that would have too many. */
export const cellMs = ({ fromAt, toAt }: Span): number =>
	Math.max(CELL_MS, Math.ceil((toAt - fromAt + 1) / MAX_CELLS));

/** Times outside of the stretch count for its nearer end. */
export function encodeActivity(span: Span, { batches, acts }: ActivityTimes): Uint8Array<ArrayBuffer> {
	const length = cellMs(span);
	const cells = new Uint8Array(Math.floor((span.toAt - span.fromAt) / length) + 1);
	const cellOf = (at: number): number =>
		Math.floor((Math.min(Math.max(at, span.fromAt), span.toAt) - span.fromAt) / length);
	for (const cell of batches.map(cellOf)) {
		const value = cells[cell] ?? 0;
		if (value < MOST) cells[cell] = value + 1;
	}
	for (const cell of acts.map(cellOf)) cells[cell] = (cells[cell] ?? 0) | ACTED;
	return cells;
}

/** Cells in which something came or was done, in order; `at` is where each begins. */
export function decodeActivity(span: Span, cells: Uint8Array): ActivityCell[] {
	const length = cellMs(span);
	return Array.from(cells, (value, index) => ({
		at: span.fromAt + index * length,
		batches: value & MOST,
		hasActed: (value & ACTED) !== 0
	})).filter(({ batches, hasActed }) => batches > 0 || hasActed);
}
