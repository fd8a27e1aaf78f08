import { beforeAll, describe, expect, it } from 'vitest';
import { packCopy, unpackCopy } from './copy-format.ts';
import { openSeal, type CopySeal } from './copy-seal.ts';
import { PAD_BYTES } from './limits.ts';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);

let seal: CopySeal;
let other: CopySeal;
beforeAll(async () => {
	[seal, other] = (await Promise.all([openSeal(key(1)), openSeal(key(2))])) as [CopySeal, CopySeal];
});

describe('a sealed copy [R14]', () => {
	it('opens under its key, for its page, and under no other', async () => {
		const sealed = await seal.seal(encode('what the client sees'), 'page');
		expect(decode(sealed.bytes)).not.toContain('client');
		expect(decode(await seal.open(sealed, 'page'))).toBe('what the client sees');
		expect(await seal.open(sealed, 'another page')).toBeNull();
		expect(await other.open(sealed, 'page')).toBeNull();
		sealed.bytes[0]! ^= 1;
		expect(await seal.open(sealed, 'page')).toBeNull();
	});
	it('can be made in the very turn in which the document goes, and no key stream serves twice', async () => {
		const texts = ['first last words', 'second last words, a little longer than one block'];
		const [first, second] = texts.map((text) => seal.sealNow(encode(text))!);
		expect(decode(await seal.open(first!, 'page'))).toBe(texts[0]);
		expect(decode(await seal.open(second!, 'page'))).toBe(texts[1]);
		expect(Buffer.from(first!.iv)).not.toEqual(Buffer.from(second!.iv));
		const same = first!.bytes.every((byte, index) => byte === second!.bytes[index]);
		expect(same).toBe(false);
	});
	it('is not made where no key stream is left', async () => {
		const fresh = (await openSeal(key(3)))!;
		expect(fresh.sealNow(new Uint8Array(PAD_BYTES + 1))).toBeNull();
		expect(fresh.sealNow(new Uint8Array(PAD_BYTES))).not.toBeNull();
		expect(fresh.sealNow(encode('one more'))).toBeNull();
	});
	it('is known by a name that is the same for the same key and tells nothing of it', async () => {
		expect((await openSeal(key(1)))?.name).toBe(seal.name);
		expect(other.name).not.toBe(seal.name);
		expect(key(1)).not.toContain(seal.name);
	});
	it.each(['', 'no base64 !', Buffer.alloc(16).toString('base64')])(
		'needs a key of 32 bytes: %j',
		async (bad) => {
			expect(await openSeal(bad)).toBeNull();
		}
	);
});

describe('what a copy holds', () => {
	const clock = { wall: 10, mono: 9.5 };
	const copy = {
		ticket: 'ticket',
		batches: [
			{ seq: 3, bytes: encode('[1]'), clock },
			{ seq: 4, bytes: encode('["ü"]'), clock: { wall: 20, mono: 19.5 } }
		]
	};
	it('comes back as it was', () => {
		expect(unpackCopy(packCopy(copy))).toEqual(copy);
	});
	it('is nothing when damaged, cut short or made up', () => {
		const packed = packCopy(copy);
		expect(unpackCopy(packed.slice(0, -1))).toBeNull();
		expect(unpackCopy(new Uint8Array())).toBeNull();
		expect(unpackCopy(encode('\0\0\0\u0002{}'))).toBeNull();
		const noise = packed.map((byte) => byte ^ 0x5a);
		expect(unpackCopy(noise)).toBeNull();
	});
});
