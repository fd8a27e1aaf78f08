// Whether a picture may be handed to pdfkit. It unpacks some PNGs in a callback that throws where nobody can catch it, so
// a broken logo would end the whole process; here it is unpacked first, where a fault is only an answer.
import { inflateSync } from 'node:zlib';

const PNG_SIGN = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Unpacked: 2 000 × 2 000 points with transparency, far more than a logo needs. */
const MAX_UNPACKED = 16_000_000;
/** Samples for each colour type of a PNG: grey, colour, palette, grey and colour with transparency. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

type Chunks = { head: Buffer | null; packed: Buffer };

function readChunks(bytes: Buffer): Chunks {
	const packed: Buffer[] = [];
	let head: Buffer | null = null;
	for (let at = PNG_SIGN.length; at + 8 <= bytes.length;) {
		const length = bytes.readUInt32BE(at);
		const type = bytes.toString('latin1', at + 4, at + 8);
		const data = bytes.subarray(at + 8, at + 8 + length);
		if (data.length < length) return { head: null, packed: Buffer.alloc(0) };
		if (type === 'IHDR') head = data;
		if (type === 'IDAT') packed.push(data);
		if (type === 'IEND') break;
		at += 12 + length;
	}
	return { head, packed: Buffer.concat(packed) };
}

function isWholePng(bytes: Buffer): boolean {
	if (!bytes.subarray(0, PNG_SIGN.length).equals(PNG_SIGN)) return false;
	const { head, packed } = readChunks(bytes);
	if (!head || head.length < 13) return false;
	const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
	const samples = SAMPLES[head[9] ?? -1];
	const isInterlaced = head[12] !== 0;
	if (!samples || isInterlaced || width === 0 || height === 0) return false;
	const size = height * (1 + Math.ceil((width * samples * (head[8] ?? 0)) / 8));
	if (size > MAX_UNPACKED) return false;
	return inflateSync(packed, { maxOutputLength: MAX_UNPACKED }).length === size;
}

const isJpeg = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes[1] === 0xd8;

/** True for a PNG or JPEG that is whole; any other picture is left out and the name stands there. */
export function isDrawable(bytes: Buffer, type: string): boolean {
	if (type === 'image/jpeg') return isJpeg(bytes);
	if (type !== 'image/png') return false;
	try {
		return isWholePng(bytes);
	} catch {
		// What cannot be unpacked is not whole; there is nothing else to learn from it.
		return false;
	}
}
