// Reading and writing of the fixed fields of stored objects, little endian. Reading is strict: what is not exactly as
// written here is refused with a sentence, never guessed at.

const UUID_BYTES = 16;

export class ByteWriter {
	private readonly out: Uint8Array<ArrayBuffer>;
	private readonly view: DataView;
	private at = 0;

	constructor(length: number) {
		this.out = new Uint8Array(length);
		this.view = new DataView(this.out.buffer);
	}

	text(ascii: string): void {
		for (const char of ascii) this.u8(char.charCodeAt(0));
	}
	u8(value: number): void {
		this.view.setUint8(this.move(1), whole(value, 0xff));
	}
	u16(value: number): void {
		this.view.setUint16(this.move(2), whole(value, 0xffff), true);
	}
	u32(value: number): void {
		this.view.setUint32(this.move(4), whole(value, 0xffffffff), true);
	}
	f64(value: number): void {
		this.view.setFloat64(this.move(8), value, true);
	}
	uuid(id: string): void {
		const hex = id.replaceAll('-', '');
		if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError(`${id} is no UUID`);
		for (let byte = 0; byte < UUID_BYTES; byte++)
			this.u8(Number.parseInt(hex.slice(byte * 2, byte * 2 + 2), 16));
	}
	bytes(value: Uint8Array, length: number): void {
		if (value.byteLength !== length)
			throw new RangeError(`expected ${length} bytes, not ${value.byteLength}`);
		this.out.set(value, this.move(length));
	}

	/** @throws RangeError when fewer fields were written than there is room for: a layout with a hole is a bug */
	done(): Uint8Array<ArrayBuffer> {
		if (this.at !== this.out.byteLength)
			throw new RangeError(`wrote ${this.at} bytes of ${this.out.byteLength}`);
		return this.out;
	}

	private move(bytes: number): number {
		const from = this.at;
		this.at += bytes;
		return from;
	}
}

function whole(value: number, max: number): number {
	// Setters of a DataView wrap silently: a number that does not fit would come back as another one.
	if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${value} does not fit`);
	return value;
}

export class ByteReader {
	private readonly view: DataView;
	private readonly data: Uint8Array;
	/** Begins each sentence: "The block". */
	private readonly what: string;
	private at = 0;

	constructor(data: Uint8Array, what: string) {
		this.data = data;
		this.what = what;
		this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
	}

	magic(expected: string): void {
		const found = this.bytes(expected.length);
		if (![...expected].every((char, at) => char.charCodeAt(0) === found[at]))
			throw new Error(`${this.what} does not begin as one.`);
	}
	/** Version and length of the header: another version is named, so that its reader knows which program to take. */
	version(known: number, headerBytes: number): void {
		const version = this.u16();
		if (version !== known)
			throw new Error(`${this.what} has version ${version}; this program reads ${known}.`);
		if (this.u16() !== headerBytes) throw new Error(`${this.what} has a header of another length.`);
	}
	oneOf(known: readonly number[], field: string): void {
		if (!known.includes(this.u8())) throw new Error(`${this.what} has an unknown ${field}.`);
	}
	word<T>(words: readonly T[], field: string): T {
		const word = words[this.u8()];
		if (word === undefined) throw new Error(`${this.what} has an unknown ${field}.`);
		return word;
	}
	zero(bytes: number): void {
		if (this.bytes(bytes).some((byte) => byte !== 0))
			throw new Error(`${this.what} has fields of a later time.`);
	}
	u8(): number {
		return this.view.getUint8(this.move(1));
	}
	u16(): number {
		return this.view.getUint16(this.move(2), true);
	}
	u32(): number {
		return this.view.getUint32(this.move(4), true);
	}
	f64(): number {
		return this.view.getFloat64(this.move(8), true);
	}
	time(): number {
		const ms = this.f64();
		if (!Number.isFinite(ms)) throw new Error(`${this.what} has an impossible time.`);
		return ms;
	}
	uuid(): string {
		const hex = Array.from(this.bytes(UUID_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
		return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
	}
	bytes(length: number): Uint8Array {
		const from = this.move(length);
		return this.data.subarray(from, from + length);
	}

	private move(bytes: number): number {
		const from = this.at;
		if (from + bytes > this.data.byteLength) throw new Error(`${this.what} is cut off.`);
		this.at += bytes;
		return from;
	}
}
