// Reads a pack as hostile: the list at its end and each member's own head must say the same, nothing may lie in between, and
// nothing unpacks to more than it said. Belongs to the verifier that is shipped: Node and pack-format.ts, nothing else.
import { inflateRaw, type InflateRaw } from 'node:zlib';
import { isName, MAX_MEMBER_BYTES } from './pack-format.ts';

/** What is wrong, and with which member or row. */
export class Broken extends Error {
	readonly at: string;

	constructor(at: string, fault: string) {
		super(fault);
		this.at = at;
	}
}

/** @throws Broken unless it is so */
export function hold(isSo: unknown, at: string, fault: string): asserts isSo {
	if (!isSo) throw new Broken(at, fault);
}

/** Bytes of the file at a place; fewer where it ends, none before its beginning. */
export type ReadAt = (at: number, length: number) => Promise<Buffer>;

type Member = { method: number; packed: number; plain: number; at: number };
export type Pack = { read: ReadAt; members: Map<string, Member> };

const END_BYTES = 22;
const ENTRY_BYTES = 46;
const HEAD_BYTES = 30;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** Everything our writer writes the same for each member: version, flags, no extra fields, a plain file. */
const isOurEntry = (entry: Buffer): boolean =>
	entry.readUInt32LE(0) === 0x02014b50 &&
	entry.readUInt16LE(4) === 0x0314 &&
	entry.readUInt16LE(6) === 20 &&
	entry.readUInt16LE(8) === 0x0800 &&
	entry.subarray(30, 38).equals(Buffer.alloc(8)) &&
	entry.readUInt32LE(38) === 0x81a40000;

async function readList({ read, size }: { read: ReadAt; size: number }) {
	const end = await read(size - END_BYTES, END_BYTES);
	const isEnd = end.length === END_BYTES && end.readUInt32LE(0) === 0x06054b50 && end.readUInt32LE(4) === 0;
	hold(isEnd && end.readUInt16LE(20) === 0, 'the file', 'it is no evidence pack, or it is cut off');
	const [count, bytes, at] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
	const fits = end.readUInt16LE(8) === count && at + bytes === size - END_BYTES && bytes <= MAX_LIST_BYTES;
	hold(fits, 'the file', 'it is cut off, or its list of members is damaged');
	return { count, at, list: await read(at, bytes) };
}

async function requireHead(read: ReadAt, entry: Buffer, at: number, name: string): Promise<void> {
	const head = await read(at, HEAD_BYTES + name.length);
	const isSame =
		head.length === HEAD_BYTES + name.length &&
		head.readUInt32LE(0) === 0x04034b50 &&
		head.subarray(4, HEAD_BYTES).equals(entry.subarray(6, 32)) &&
		head.toString('latin1', HEAD_BYTES) === name;
	hold(isSame, name, 'its head is not what the list of members says');
}

/** @throws Broken for what is no pack, is cut off, or holds what no pack of ours does */
export async function openZip(file: { read: ReadAt; size: number }): Promise<Pack> {
	const { count, at: listAt, list } = await readList(file);
	const members: Pack['members'] = new Map();
	let at = 0;
	let next = 0;
	for (let number = 0; number < count; number++) {
		hold(at + ENTRY_BYTES <= list.length, 'the file', 'its list of members is damaged');
		const entry = list.subarray(at, at + ENTRY_BYTES);
		const name = list.toString('latin1', at + ENTRY_BYTES, at + ENTRY_BYTES + entry.readUInt16LE(28));
		hold(
			isName(name),
			'the file',
			`it holds a member named ${JSON.stringify(name)}, as no pack of ours does`
		);
		hold(!members.has(name), name, 'it is there twice');
		hold(isOurEntry(entry), name, 'its entry in the list of members is none of ours');
		const [packed, plain] = [entry.readUInt32LE(20), entry.readUInt32LE(24)];
		hold(Math.max(packed, plain) <= MAX_MEMBER_BYTES, name, 'it is larger than any member of ours');
		hold(entry.readUInt32LE(42) === next, name, 'it does not lie where the list of members says');
		await requireHead(file.read, entry, next, name);
		const begin = next + HEAD_BYTES + name.length;
		members.set(name, { method: entry.readUInt16LE(10), packed, plain, at: begin });
		next = begin + packed;
		at += ENTRY_BYTES + name.length;
	}
	hold(at === list.length && next === listAt, 'the file', 'something lies between its members');
	return { read: file.read, members };
}

/** Null where it unpacks to more than was said, or does not end where it should: nothing hides behind it. */
const inflate = (packed: Buffer, plainBytes: number): Promise<Buffer | null> =>
	new Promise((resolve) => {
		const options = { maxOutputLength: Math.max(1, plainBytes), info: true };
		inflateRaw(packed, options, (error, result) => {
			const { buffer, engine } = (error ? {} : result) as { buffer?: Buffer; engine?: InflateRaw };
			resolve(buffer && engine?.bytesWritten === packed.length ? buffer : null);
		});
	});

/** A member's bytes as they lie in the file, and what is in it. @throws Broken */
export async function contentOf(
	{ read, members }: Pack,
	name: string
): Promise<{ packed: Buffer; plain: Buffer }> {
	const member = members.get(name);
	hold(member, name, 'it is missing');
	const packed = await read(member.at, member.packed);
	hold(packed.length === member.packed, name, 'it is cut off');
	hold(member.method === STORED || member.method === DEFLATED, name, 'it is packed as no member of ours is');
	const plain = member.method === STORED ? packed : await inflate(packed, member.plain);
	hold(plain?.length === member.plain, name, 'it cannot be unpacked: its content was changed');
	return { packed, plain };
}

export function parsed<T>(text: string, at: string): T {
	try {
		return JSON.parse(text) as T;
	} catch {
		throw new Broken(at, 'it is damaged');
	}
}

export const textOf = async (pack: Pack, name: string): Promise<string> =>
	(await contentOf(pack, name)).plain.toString('utf8');

/** One JSON value a line. */
export const linesOf = async <T>(pack: Pack, name: string): Promise<T[]> =>
	(await textOf(pack, name))
		.split('\n')
		.slice(0, -1)
		.map((line) => parsed<T>(line, name));
