// Numbers of nodes and times as differences, before packing. Each node of a recorded tree has its own number, which no
// packer can find twice; from node to node it grows by one, and that is the same each time. Halves what a block takes.
// Stored format, SPEC.md §Numbers [H4]: it works on bytes of any kind and is undone exactly.

const KEYS = ['id', 'parentId', 'nextId', 'timestamp'].map((key) =>
	Uint8Array.from(`${key}":`, (c) => c.charCodeAt(0))
);

/** A number longer than this is left as it is; a difference of two such is at most one digit longer. */
const MAX_DIGITS = 14;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** `,` `}` `]` : what may follow a number that is whole. */
const ENDS: ReadonlySet<number | undefined> = new Set([0x2c, 0x7d, 0x5d]);

/** Bytes whose length is not known beforehand. */
class Growing {
	private out: Uint8Array<ArrayBuffer>;
	private length = 0;

	constructor(expected: number) {
		this.out = new Uint8Array(expected + 64);
	}

	bytes(from: Uint8Array, start: number, end: number): void {
		this.room(end - start);
		this.out.set(from.subarray(start, end), this.length);
		this.length += end - start;
	}

	whole(value: number): void {
		const text = String(value);
		this.room(text.length);
		for (let at = 0; at < text.length; at++) this.out[this.length++] = text.charCodeAt(at);
	}

	done(): Uint8Array<ArrayBuffer> {
		return this.out.subarray(0, this.length);
	}

	private room(more: number): void {
		if (this.length + more <= this.out.length) return;
		const larger = new Uint8Array(Math.max(this.out.length * 2, this.length + more));
		larger.set(this.out.subarray(0, this.length));
		this.out = larger;
	}
}

/** Which of our keys begins here, behind its quote; -1 for none. */
function keyAt(bytes: Uint8Array, at: number): number {
	return KEYS.findIndex(
		(key) => bytes[at] === key[0] && key.every((byte, offset) => bytes[at + offset] === byte)
	);
}

/** A whole number as JSON writes it, and where it ends; null for anything else. */
function numberAt(bytes: Uint8Array, from: number, maxDigits: number): { value: number; end: number } | null {
	const isNegative = bytes[from] === MINUS;
	const first = from + (isNegative ? 1 : 0);
	let end = first;
	let value = 0;
	for (let digit = bytes[end]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = bytes[++end]) {
		if (end - first >= maxDigits) return null;
		value = value * 10 + digit - ZERO;
	}
	const isPadded = bytes[first] === ZERO && (end > first + 1 || isNegative);
	if (end === first || isPadded || !ENDS.has(bytes[end])) return null;
	return { value: isNegative ? -value : value, end };
}

/** Copies the bytes, each number behind one of our keys replaced. */
function replaceNumbers(
	bytes: Uint8Array,
	maxDigits: number,
	replace: (key: number, value: number) => number
): Uint8Array<ArrayBuffer> {
	const out = new Growing(bytes.byteLength);
	let copied = 0;
	for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
		const key = keyAt(bytes, at + 1);
		if (key === -1) continue;
		const from = at + 1 + (KEYS[key]?.length ?? 0);
		const found = numberAt(bytes, from, maxDigits);
		if (!found) continue;
		out.bytes(bytes, copied, from);
		out.whole(replace(key, found.value));
		copied = found.end;
		at = found.end - 1;
	}
	out.bytes(bytes, copied, bytes.byteLength);
	return out.done();
}

/** Every number as its difference from the one before it behind the same key. */
export function toDeltas(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const last = KEYS.map(() => 0);
	return replaceNumbers(bytes, MAX_DIGITS, (key, value) => {
		const delta = value - (last[key] ?? 0);
		last[key] = value;
		return delta;
	});
}

/** Undoes `toDeltas`, where that left no number behind: whoever packs compares first. */
export function fromDeltas(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	const last = KEYS.map(() => 0);
	return replaceNumbers(bytes, MAX_DIGITS + 1, (key, delta) => (last[key] = (last[key] ?? 0) + delta));
}
