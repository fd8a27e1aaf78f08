// SHA-256 by hand, for the one thing that Node's does not offer: to stop in the middle and to go on from there. With it a row of the
// log is told by what it hashes to, and by nothing that it says (chain-proof.ts). A test holds it to Node's.

const K = Uint32Array.from(
	[
		'428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc3',
		'72be5d7480deb1fe9bdc06a7c19bf174e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da',
		'983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca63511429296727b70a852e1b21384d2c6dfc53380d13',
		'650a7354766a0abb81c2c92e92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070',
		'19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc70208',
		'90befffaa4506cebbef9a3f7c67178f2'
	]
		.join('')
		.match(/.{8}/g) ?? [],
	(word) => Number.parseInt(word, 16)
);
const START = '6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19';
const CHUNK = 64;

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function spread(chunk: Buffer): Uint32Array {
	const words = new Uint32Array(CHUNK);
	const at = (index: number): number => words[index] ?? 0;
	for (let i = 0; i < 16; i++) words[i] = chunk.readUInt32BE(i * 4);
	for (let i = 16; i < CHUNK; i++) {
		const low = turn(at(i - 15), 7) ^ turn(at(i - 15), 18) ^ (at(i - 15) >>> 3);
		const high = turn(at(i - 2), 17) ^ turn(at(i - 2), 19) ^ (at(i - 2) >>> 10);
		words[i] = at(i - 16) + low + at(i - 7) + high;
	}
	return words;
}

function compress(state: Uint32Array, chunk: Buffer): void {
	const words = spread(chunk);
	let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
	for (let i = 0; i < CHUNK; i++) {
		const ofE = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
		const ofA = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
		const one = (h + ofE + ((e & f) ^ (~e & g)) + (K[i] ?? 0) + (words[i] ?? 0)) | 0;
		const two = (ofA + ((a & b) ^ (a & c) ^ (b & c))) | 0;
		[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
	}
	for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] ?? 0) + word;
}

const wordsOf = (hex: string): Uint32Array =>
	Uint32Array.from(hex.match(/.{8}/g) ?? [], (word) => Number.parseInt(word, 16));
const hexOf = (state: Uint32Array): string =>
	Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');

/** Where a hash stands (hex) after so many whole bytes, and what came behind them. */
export type Stopped = [state: string, bytes: number, rest: string];

/** Hashes the whole chunks of a text; what does not fill one is left. */
export function stopIn(text: string): Stopped {
	const bytes = Buffer.from(text);
	const state = wordsOf(START);
	const until = bytes.length - (bytes.length % CHUNK);
	for (let at = 0; at < until; at += CHUNK) compress(state, bytes.subarray(at, at + CHUNK));
	return [hexOf(state), until, bytes.toString('utf8', until)];
}

/** The hash (hex) of a text of which only this is known: where it stood after `bytes`, and what comes behind them. */
export function hashFrom(state: string, bytes: number, rest: string): string {
	const words = wordsOf(state);
	const tail = Buffer.from(rest);
	const padded = Buffer.alloc(Math.ceil((tail.length + 9) / CHUNK) * CHUNK);
	tail.copy(padded);
	padded[tail.length] = 0x80;
	padded.writeUInt32BE((bytes + tail.length) * 8, padded.length - 4);
	for (let at = 0; at < padded.length; at += CHUNK) compress(words, padded.subarray(at, at + CHUNK));
	return hexOf(words);
}
