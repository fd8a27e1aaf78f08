// Which lines stand on a page's screen since when: rows of lines that came together, each line with when it went. What stays costs
// nothing; what comes again is a row again.
import { MAX_BLOCK, MAX_LINE, MAX_ROW } from './seen-limits.ts';

/** A row whose lines are not all gone, as the index holds it. */
export type HeldRow = { id: string; fromAt: number; lines: string[]; gone: (number | null)[] };
/** A row that the index does not hold yet. */
export type NewRow = { fromAt: number; title: string; lines: string[]; gone: (number | null)[] };
/** What the index may still take of this page. */
export type Room = { chars: number; rows: number };

type Row = NewRow & { id: string | null; size: number };
/** `row` is null for a line that found no room. */
type Place = { row: Row | null; line: number };

/** Half a sign and the zero sign are no text to PostgreSQL. */
const NO_TEXT = /\p{Surrogate}|\0/gu;

/** Long lines as several, cut between words where there is a gap. */
function inPieces(line: string): string[] {
	const pieces: string[] = [];
	let rest = line.replace(NO_TEXT, '');
	while (rest.length > MAX_LINE) {
		const gap = rest.lastIndexOf(' ', MAX_LINE);
		const at = gap > MAX_LINE / 2 ? gap : MAX_LINE;
		pieces.push(rest.slice(0, at).replace(NO_TEXT, ''));
		rest = rest.slice(at).replace(NO_TEXT, '').trimStart();
	}
	return rest === '' ? pieces : [...pieces, rest];
}

export class SeenLines {
	private readonly held: Row[];
	private readonly added: Row[] = [];
	private readonly changed = new Set<Row>();
	private readonly shown = new Map<string, Place>();
	private chars: number;
	private rows: number;

	constructor(held: readonly HeldRow[], room: Room) {
		this.held = held.map((row) => ({ ...row, title: '', size: MAX_ROW, gone: [...row.gone] }));
		for (const row of this.held)
			row.lines.forEach((text, line) => {
				if (row.gone[line] === null) this.shown.set(text, { row, line });
			});
		this.chars = Math.min(room.chars, MAX_BLOCK);
		this.rows = room.rows;
	}

	/** The screen as it stood from `at` on. */
	look(at: number, title: string, lines: readonly string[]): void {
		const now = new Set([title, ...lines].flatMap(inPieces));
		for (const [text, place] of this.shown) if (!now.has(text)) this.leave(text, place, at);
		let row: Row | null = null;
		for (const text of now) {
			if (this.shown.has(text)) continue;
			const own = this.rowFor(row, text, { at, title });
			this.shown.set(text, { row: own, line: own ? own.lines.length - 1 : 0 });
			row = own ?? row;
		}
	}

	/** Nothing is known of the screen from `at` on. */
	forget(at: number): void {
		for (const [text, place] of this.shown) this.leave(text, place, at);
	}

	result(): { added: NewRow[]; held: Pick<HeldRow, 'id' | 'gone'>[] } {
		return {
			added: this.added.map(({ fromAt, title, lines, gone }) => ({ fromAt, title, lines, gone })),
			held: this.held.filter((row) => this.changed.has(row)).map(({ id, gone }) => ({ id: id ?? '', gone }))
		};
	}

	private leave(text: string, { row, line }: Place, at: number): void {
		this.shown.delete(text);
		if (!row) return;
		row.gone[line] = Math.max(0, Math.round(at - row.fromAt));
		this.changed.add(row);
	}

	/** The row that takes the line: the one of this look, or another where it is full; null past the limits. */
	private rowFor(before: Row | null, text: string, { at, title }: { at: number; title: string }): Row | null {
		if (text.length > this.chars) return null;
		const row = before && before.size + text.length < MAX_ROW ? before : this.open(at, title);
		if (!row) return null;
		row.size += text.length + 1;
		row.lines.push(text);
		row.gone.push(null);
		this.chars -= text.length;
		return row;
	}

	private open(fromAt: number, title: string): Row | null {
		if (this.rows <= 0) return null;
		this.rows -= 1;
		const row: Row = { id: null, size: 0, fromAt, title: title.replace(NO_TEXT, ''), lines: [], gone: [] };
		this.added.push(row);
		return row;
	}
}
