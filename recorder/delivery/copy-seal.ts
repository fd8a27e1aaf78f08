// Seals copies under a key of the handshake, so that nothing of the page lies readable in the browser [R14]. WebCrypto
// answers in a later turn, which a document that goes away does not have: for its last words key stream lies ready.
import { PAD_BYTES } from './limits.ts';

/** As stored: AES-GCM with a nonce of its own, or AES-CTR from this counter on. */
export type Sealed = { how: 'gcm' | 'ctr'; iv: Uint8Array<ArrayBuffer>; bytes: Uint8Array<ArrayBuffer> };

/** Under which key it is sealed, whose it is, when it was written, and which of its page's copies it is. */
export type CopyKey = [name: string, pageId: string, at: number, id: string];

export interface CopySeal {
	/** Tells copies under this key from those of another impersonation; says nothing of the key. */
	readonly name: string;
	/** `about` is bound to the copy: under another it does not open. */
	seal(bytes: Uint8Array<ArrayBuffer>, about: string): Promise<Sealed>;
	/** In this very turn; null when more is asked for than lies ready. */
	sealNow(bytes: Uint8Array<ArrayBuffer>): Sealed | null;
	/** Null when it was sealed under another key, for something else, or is damaged. */
	open(sealed: Sealed, about: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

export type OpenSeal = (storeKey: string) => Promise<CopySeal | null>;

const KEY_BYTES = 32;
const BLOCK = 16;
const NONCE_BYTES = 12;
const COUNTER_BITS = 32;

/** Null where the browser has no WebCrypto or the key is none: then nothing is kept. */
export const openSeal: OpenSeal = async (storeKey) => {
	try {
		const raw = Uint8Array.from(atob(storeKey), (character) => character.charCodeAt(0));
		if (raw.length !== KEY_BYTES) return null;
		const base = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey', 'deriveBits']);
		raw.fill(0);
		const from = (info: string) => ({
			name: 'HKDF',
			hash: 'SHA-256',
			salt: new Uint8Array(),
			info: encode(info)
		});
		const derive = (name: string): Promise<CryptoKey> =>
			crypto.subtle.deriveKey(from(name), base, { name, length: 256 }, false, ['encrypt', 'decrypt']);
		const [gcm, ctr, bits] = await Promise.all([
			derive('AES-GCM'),
			derive('AES-CTR'),
			crypto.subtle.deriveBits(from('name'), base, 64)
		]);
		const seal = new KeySeal(gcm, ctr, new DataView(bits).getBigUint64(0).toString(36));
		await seal.prepare();
		return seal;
	} catch (error) {
		console.warn('Nothing can be kept in this browser for a crash', error);
		return null;
	}
};

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const random = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(NONCE_BYTES));

class KeySeal implements CopySeal {
	readonly name: string;
	private readonly gcm: CryptoKey;
	private readonly ctr: CryptoKey;
	/** Key stream by a nonce of its own; each byte is used once. */
	private pad = { nonce: random(), bytes: new Uint8Array(), used: 0 };

	constructor(gcm: CryptoKey, ctr: CryptoKey, name: string) {
		this.gcm = gcm;
		this.ctr = ctr;
		this.name = name;
	}

	async prepare(): Promise<void> {
		const nonce = random();
		const bytes = await this.stream(counter(nonce, 0), new Uint8Array(PAD_BYTES));
		this.pad = { nonce, bytes, used: 0 };
	}

	async seal(bytes: Uint8Array<ArrayBuffer>, about: string): Promise<Sealed> {
		const iv = random();
		const how = { name: 'AES-GCM', iv, additionalData: encode(about) };
		return { how: 'gcm', iv, bytes: new Uint8Array(await crypto.subtle.encrypt(how, this.gcm, bytes)) };
	}

	// Without a tag: there is no synchronous way to one, and who can change the store can also record what they like.
	sealNow(bytes: Uint8Array<ArrayBuffer>): Sealed | null {
		const { pad } = this;
		const stream = pad.bytes.subarray(pad.used, pad.used + bytes.length);
		if (stream.length < bytes.length) return null;
		const iv = counter(pad.nonce, pad.used / BLOCK);
		pad.used += Math.ceil(bytes.length / BLOCK) * BLOCK;
		// The document may come back from the browser's cache and go away again.
		if (pad.used > PAD_BYTES / 2) this.prepare().catch(() => undefined);
		return { how: 'ctr', iv, bytes: bytes.map((byte, index) => byte ^ (stream[index] ?? 0)) };
	}

	async open({ how, iv, bytes }: Sealed, about: string): Promise<Uint8Array<ArrayBuffer> | null> {
		if (how === 'ctr') return this.stream(iv, bytes);
		const gcm = { name: 'AES-GCM', iv, additionalData: encode(about) };
		return crypto.subtle.decrypt(gcm, this.gcm, bytes).then(
			(opened) => new Uint8Array(opened),
			() => null
		);
	}

	private async stream(
		from: Uint8Array<ArrayBuffer>,
		bytes: Uint8Array<ArrayBuffer>
	): Promise<Uint8Array<ArrayBuffer>> {
		const ctr = { name: 'AES-CTR', counter: from, length: COUNTER_BITS };
		return new Uint8Array(await crypto.subtle.encrypt(ctr, this.ctr, bytes));
	}
}

/** The counter block of AES-CTR: the nonce, then the number of the block. */
function counter(nonce: Uint8Array<ArrayBuffer>, block: number): Uint8Array<ArrayBuffer> {
	const at = new Uint8Array(BLOCK);
	at.set(nonce);
	new DataView(at.buffer).setUint32(NONCE_BYTES, block);
	return at;
}
