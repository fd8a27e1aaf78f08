// Makes a long history of changes to one style sheet short: what was inserted and deleted again goes, of a property only
// its last value stays. A history is kept whole while it is short, since folding has to take every insertion for a
// success, and only the browser knew whether a rule was one.

/** A change of a sheet; the path leads through nested rules, its last number is the rule itself. */
export type RuleChange = { path: number[] } & (
	| { kind: 'insert'; rule: string }
	| { kind: 'delete' }
	| { kind: 'declare'; property: string; value: string | null; priority?: string }
	| { kind: 'undeclare'; property: string }
);

/** A rule of the sheet: one it had from the start, by its number there, or an inserted one. */
type Entry = { base: number } | { rule: string };
type Rule = Entry & { inside: RuleChange[]; properties: Map<string, RuleChange> };
/** Rules in their order; between and after them stand untouched rules of the start, as many as there are. */
type Run = { from: number; count: number };
type Piece = Rule | Run;

const isRun = (piece: Piece): piece is Run => 'count' in piece;

/** The shortest history with the same result, given that each insertion succeeded. */
export function foldRules(changes: readonly RuleChange[], prefix: readonly number[] = []): RuleChange[] {
	const pieces: Piece[] = [{ from: 0, count: Number.POSITIVE_INFINITY }];
	const deleted: number[] = [];
	for (const change of changes) {
		const [at = 0, ...rest] = change.path;
		if (rest.length === 0 && change.kind === 'insert') {
			pieces.splice(splitAt(pieces, at), 0, { rule: change.rule, inside: [], properties: new Map() });
		} else if (rest.length === 0 && change.kind === 'delete') {
			const rule = take(pieces, at);
			pieces.splice(pieces.indexOf(rule), 1);
			if ('base' in rule) deleted.push(rule.base);
		} else if (rest.length > 0) take(pieces, at).inside.push({ ...change, path: rest });
		else if (change.kind === 'declare' || change.kind === 'undeclare') {
			const { properties } = take(pieces, at);
			// The last one counts, also against shorthands set in between, so it moves to the end.
			properties.delete(change.property);
			properties.set(change.property, change);
		}
	}
	return write({ pieces, deleted, prefix });
}

/** Cuts so that a piece starts at the given place among the rules; @returns that piece's number */
function splitAt(pieces: Piece[], at: number): number {
	let left = Math.max(0, at);
	for (const [number, piece] of pieces.entries()) {
		if (left === 0) return number;
		const count = isRun(piece) ? piece.count : 1;
		if (left < count && isRun(piece)) {
			const rest = { from: piece.from + left, count: piece.count - left };
			pieces.splice(number, 1, { from: piece.from, count: left }, rest);
			return number + 1;
		}
		left -= count;
	}
	return pieces.length;
}

/** The rule at a place, cut out of its run; there is always one, since the last run has no end. */
function take(pieces: Piece[], at: number): Rule {
	const number = splitAt(pieces, at);
	const piece = pieces[number];
	if (piece && !isRun(piece)) return piece;
	splitAt(pieces, at + 1);
	const run = pieces[number] as Run;
	const rule: Rule = { base: run.from, inside: [], properties: new Map() };
	pieces.splice(number, 1, rule);
	return rule;
}

type Folded = { pieces: Piece[]; deleted: number[]; prefix: readonly number[] };

function write({ pieces, deleted, prefix }: Folded): RuleChange[] {
	const out: RuleChange[] = deleted
		.toSorted((a, b) => b - a)
		.map((base) => ({ kind: 'delete', path: [...prefix, base] }));
	// From the last to the first, each by the number of older rules before it: one that fails moves no other.
	let older = 0;
	const inserts: RuleChange[] = [];
	for (const piece of pieces) {
		if ('rule' in piece) inserts.push({ kind: 'insert', path: [...prefix, older], rule: piece.rule });
		else older += isRun(piece) ? piece.count : 1;
	}
	out.push(...inserts.toReversed());
	let place = 0;
	for (const piece of pieces) {
		if (!isRun(piece)) {
			const path = [...prefix, place];
			if (piece.inside.length > 0) out.push(...foldRules(piece.inside, path));
			for (const change of piece.properties.values()) out.push({ ...change, path });
		}
		place += isRun(piece) ? piece.count : 1;
	}
	return out;
}
