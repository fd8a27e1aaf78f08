// A WOFF as the plain font that is packed in it (W3C WOFF 1.0 §3 to §5). The PDF library can read WOFF too, but unpacks it
// in script, table by table and anew for each document: half a second that this saves, once for all.
import { inflateSync } from 'node:zlib';

const WOFF_HEAD = 44;
const WOFF_ENTRY = 20;
const FONT_HEAD = 12;
const FONT_ENTRY = 16;

type Table = { tag: Buffer; checksum: number; bytes: Buffer };

/** Tables of a font begin at multiples of four. */
const padded = (length: number): number => Math.ceil(length / 4) * 4;

function readTables(woff: Buffer): Table[] {
	return Array.from({ length: woff.readUInt16BE(12) }, (_, index) => {
		const at = WOFF_HEAD + index * WOFF_ENTRY;
		const [offset, packed, length] = [4, 8, 12].map((more) => woff.readUInt32BE(at + more)) as [
			number,
			number,
			number
		];
		const data = woff.subarray(offset, offset + packed);
		// A table that packing would not shorten is stored as it is.
		const bytes = packed < length ? inflateSync(data, { maxOutputLength: length }) : data;
		return { tag: woff.subarray(at, at + 4), checksum: woff.readUInt32BE(at + 16), bytes };
	});
}

function writeHead(font: Buffer, flavour: number, count: number): void {
	const power = Math.floor(Math.log2(count));
	font.writeUInt32BE(flavour, 0);
	font.writeUInt16BE(count, 4);
	font.writeUInt16BE(2 ** power * 16, 6);
	font.writeUInt16BE(power, 8);
	font.writeUInt16BE((count - 2 ** power) * 16, 10);
}

/** @throws Error when it is no WOFF: our own files are, so that would be a broken installation */
export function unpackWoff(woff: Buffer): Buffer {
	if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('This font file is no WOFF.');
	const tables = readTables(woff);
	const size = tables.reduce((sum, { bytes }) => sum + padded(bytes.length), 0);
	const font = Buffer.alloc(FONT_HEAD + tables.length * FONT_ENTRY + size);
	writeHead(font, woff.readUInt32BE(4), tables.length);
	let offset = FONT_HEAD + tables.length * FONT_ENTRY;
	tables.forEach(({ tag, checksum, bytes }, index) => {
		const at = FONT_HEAD + index * FONT_ENTRY;
		tag.copy(font, at);
		font.writeUInt32BE(checksum, at + 4);
		font.writeUInt32BE(offset, at + 8);
		font.writeUInt32BE(bytes.length, at + 12);
		bytes.copy(font, offset);
		offset += padded(bytes.length);
	});
	return font;
}
