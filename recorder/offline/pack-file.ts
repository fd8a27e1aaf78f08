// Members of a pack that somebody chose or dropped on the page, read piece by piece: a large one is never whole in memory. Whether the
// pack is whole and whose it is, the verifier says; here a member that cannot be read is a damaged piece.

type Member = { packed: number; plain: number; at: number };

const END_BYTES = 22;
const ENTRY_BYTES = 46;
const HEAD_BYTES = 30;
const MAX_MEMBER_BYTES = 256 * 1024 * 1024;

async function viewOf(file: Blob, from: number, until: number): Promise<DataView> {
	return new DataView(await file.slice(Math.max(0, from), until).arrayBuffer());
}

/** Unpacks what a zip holds deflated. @throws when it is damaged, or larger than was said */
export async function inflated(packed: Blob, plainBytes: number): Promise<Uint8Array> {
	const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
	const out = new Uint8Array(Math.min(plainBytes, MAX_MEMBER_BYTES));
	let at = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		// Attack: a few bytes that unpack to all memory. Setting past the end throws.
		out.set(value, at);
		at += value.byteLength;
	}
	if (at !== plainBytes) throw new RangeError('It unpacks to another length than it says.');
	return out;
}

export class PackFile {
	private readonly file: Blob;
	private readonly members: ReadonlyMap<string, Member>;

	private constructor(file: Blob, members: ReadonlyMap<string, Member>) {
		this.file = file;
		this.members = members;
	}

	/** @throws for what is no pack */
	static async open(file: Blob): Promise<PackFile> {
		const end = await viewOf(file, file.size - END_BYTES, file.size);
		if (end.byteLength !== END_BYTES || end.getUint32(0, true) !== 0x06054b50)
			throw new RangeError('no pack');
		const from = end.getUint32(16, true);
		const list = await viewOf(file, from, from + end.getUint32(12, true));
		const members = new Map<string, Member>();
		for (let at = 0; at + ENTRY_BYTES <= list.byteLength;) {
			const nameBytes = list.getUint16(at + 28, true);
			const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + ENTRY_BYTES, nameBytes));
			members.set(name, {
				packed: list.getUint32(at + 20, true),
				plain: list.getUint32(at + 24, true),
				at: list.getUint32(at + 42, true) + HEAD_BYTES + nameBytes
			});
			at += ENTRY_BYTES + nameBytes;
		}
		return new PackFile(file, members);
	}

	/** @throws when it is not there or damaged */
	async read(name: string): Promise<Uint8Array> {
		const member = this.members.get(name);
		if (!member) throw new RangeError('It is not in the pack.');
		return inflated(this.file.slice(member.at, member.at + member.packed), member.plain);
	}

	/** The text of a member, or an empty one. */
	async text(name: string): Promise<string> {
		try {
			return new TextDecoder().decode(await this.read(name));
		} catch {
			// What is not there is not this recording's: the caller says so.
			return '';
		}
	}
}
