// The tar format as far as we need it (ustar, pax for long names), so that any tar opens a backup. Pure bytes, no files.

export const BLOCK = 512;

const TRAILER_BLOCKS = 2;
/** Eleven octal digits. */
const MAX_SIZE = 8 ** 11 - 1;
const NAME_BYTES = 100;

export type EntryHead = { name: string; bytes: number };

export const paddingOf = (bytes: number): number => (BLOCK - (bytes % BLOCK)) % BLOCK;

export const trailer = (): Buffer => Buffer.alloc(TRAILER_BLOCKS * BLOCK);

/** The blocks before an entry's content. */
export function headOf({ name, bytes }: EntryHead): Buffer {
	if (bytes > MAX_SIZE) throw new RangeError(`${name} is too large for a backup`);
	if (Buffer.byteLength(name) <= NAME_BYTES) return plainHead({ name, bytes }, '0');
	const record = paxRecord('path', name);
	const pax = plainHead({ name: 'pax', bytes: record.length }, 'x');
	const padding = Buffer.alloc(paddingOf(record.length));
	return Buffer.concat([pax, record, padding, plainHead({ name: 'long-name', bytes }, '0')]);
}

/** `length key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
	const rest = ` ${key}=${value}\n`;
	let length = Buffer.byteLength(rest);
	while (String(length).length + Buffer.byteLength(rest) !== length)
		length = String(length).length + Buffer.byteLength(rest);
	return Buffer.from(`${length}${rest}`);
}

function plainHead({ name, bytes }: EntryHead, type: '0' | 'x'): Buffer {
	const head = Buffer.alloc(BLOCK);
	head.write(name, 0, NAME_BYTES);
	head.write('0000600\0', 100);
	head.write('0000000\0', 108);
	head.write('0000000\0', 116);
	head.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
	head.write(`${'0'.repeat(11)}\0`, 136);
	head.write(' '.repeat(8), 148);
	head.write(type, 156);
	head.write('ustar\0', 257);
	head.write('00', 263);
	head.write(`${sumOf(head).toString(8).padStart(6, '0')}\0 `, 148);
	return head;
}

const sumOf = (head: Buffer): number => head.reduce((sum, byte) => sum + byte, 0);

/** Reads one block: an entry, `null` for a block of the end. @throws RangeError for what is no tar */
export function parseHead(block: Buffer): (EntryHead & { isPax: boolean }) | null {
	if (block.every((byte) => byte === 0)) return null;
	const summed = Buffer.from(block);
	summed.fill(' ', 148, 156);
	if (Number.parseInt(block.toString('latin1', 148, 154), 8) !== sumOf(summed))
		throw new RangeError('a damaged entry');
	const name = block.toString('utf8', 0, NAME_BYTES).replace(/\0.*$/s, '');
	const bytes = Number.parseInt(block.toString('latin1', 124, 135), 8);
	return { name, bytes, isPax: block.toString('latin1', 156, 157) === 'x' };
}

/** The long name that a pax record holds. */
export const nameOfPax = (record: Buffer): string => /^\d+ path=(.*)\n$/s.exec(record.toString())?.[1] ?? '';
