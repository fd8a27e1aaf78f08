// Numbers of nodes and times as differences, before packing. Each node of a recorded tree has its own number, which no
// packer can find twice; from node to node it grows by one, and that is the same each time. Halves what a block takes.
// Stored format, SPEC.md §Numbers [H4]: it works on bytes of any kind and is undone exactly.

const KEYS = ['id', 'parentId', 'nextId', 'timestamp'].map((key) =>
	Uint8Array.from(`${key}":`, (c) => c.charCodeAt(0))
);

/** A number longer than this is left as it is; a difference of two such is at most one digit longer. */
const MAX_DIGITS = 14;

/** More than any number takes up as text. */
const ROOM = 64;

const EMPTY = new Uint8Array();
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** `,` `}` `]` : what may follow a number that is whole. */
const ENDS: ReadonlySet<number | undefined> = new Set([0x2c, 0x7d, 0x5d]);

/** Which of our keys begins here, behind its quote; -1 for none. */
function keyAt(bytes: Uint8Array, at: number): number {
	for (let index = 0; index < KEYS.length; index++) {
		const key = KEYS[index] ?? EMPTY;
		let matched = 0;
		while (matched < key.length && bytes[at + matched] === key[matched]) matched++;
		if (matched === key.length) return index;
	}
	return -1;
}

/** Where the whole number that begins here ends, written as JSON does it; `from` itself for anything else. */
function numberEnd(bytes: Uint8Array, from: number, maxDigits: number): number {
	const isNegative = bytes[from] === MINUS;
	const first = from + (isNegative ? 1 : 0);
	let end = first;
	for (let digit = bytes[end]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = bytes[++end])
		if (end - first >= maxDigits) return from;
	const isPadded = bytes[first] === ZERO && (end > first + 1 || isNegative);
	return end === first || isPadded || !ENDS.has(bytes[end]) ? from : end;
}

function valueOf(bytes: Uint8Array, from: number, end: number): number {
	const isNegative = bytes[from] === MINUS;
	let value = 0;
	for (let at = isNegative ? from + 1 : from; at < end; at++) value = value * 10 + (bytes[at] ?? ZERO) - ZERO;
	return isNegative ? -value : value;
}

function larger(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
	const copy = new Uint8Array(length);
	copy.set(bytes);
	return copy;
}

/**
 * Copies the bytes, each number behind one of our keys replaced. One pass, byte by byte and without a call for most of
 * them: it sees every byte of every recording several times.
 */
function replaceNumbers(
	bytes: Uint8Array,
	maxDigits: number,
	replace: (key: number, value: number) => number
): Uint8Array<ArrayBuffer> {
	let out = new Uint8Array(bytes.length + ROOM);
	let length = 0;
	let at = 0;
	while (at < bytes.length) {
		const byte = bytes[at++] ?? 0;
		out[length++] = byte;
		if (byte !== QUOTE) continue;
		const key = keyAt(bytes, at);
		if (key === -1) continue;
		const from = at + (KEYS[key]?.length ?? 0);
		const end = numberEnd(bytes, from, maxDigits);
		if (end === from) continue;
		while (at < from) out[length++] = bytes[at++] ?? 0;
		const text = String(replace(key, valueOf(bytes, from, end)));
		at = end;
		// What is left fits in any case, and the next number, too.
		if (length + bytes.length - at + ROOM > out.length) out = larger(out, out.length * 2 + ROOM);
		for (let digit = 0; digit < text.length; digit++) out[length++] = text.charCodeAt(digit);
	}
	return out.subarray(0, length);
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
