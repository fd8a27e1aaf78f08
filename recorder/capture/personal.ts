// Level two of masking: the words behind the blocks of personal data, encrypted here to the client's key before they are
// kept or sent. Hub, live log and blocks hold cipher text only; see format/masked.ts for its form.
import type { PersonalKey } from '#protocol/masking.ts';
import { PERSONAL_INFO, type PersonalNote, type PersonalPayload } from '../format/masked.ts';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
/** In one event; base64 and the event around it then stay far below a part of a batch. */
const MAX_CHARACTERS = 64 * 1024;

export type PersonalOptions = {
	key: PersonalKey;
	pageId: string;
	emit(payload: PersonalPayload): void;
	onFault(error: unknown): void;
};

/** Seals what it is given, in order. A fault loses the words, never the recording: the blocks stay. */
export class PersonalChannel {
	private readonly options: PersonalOptions;
	private readonly seal: Promise<(notes: PersonalNote[]) => Promise<PersonalPayload>>;
	private waiting: PersonalNote[] = [];
	private characters = 0;
	private last: Promise<void> = Promise.resolve();
	private isOver = false;

	constructor(options: PersonalOptions) {
		this.options = options;
		this.seal = createSeal(options);
		// Each use waits for it again and tells of its fault; without any use there is nobody to tell.
		this.seal.catch(() => undefined);
	}

	note(note: PersonalNote): void {
		if (this.isOver) return;
		// One microtask for all notes of one turn.
		if (this.waiting.length === 0) queueMicrotask(() => this.flush());
		this.waiting.push(note);
		this.characters += note[3].length;
		if (this.characters > MAX_CHARACTERS) this.flush();
	}

	stop(): void {
		this.isOver = true;
		this.waiting = [];
	}

	private flush(): void {
		const notes = this.waiting;
		this.waiting = [];
		this.characters = 0;
		if (notes.length === 0 || this.isOver) return;
		this.last = this.last.then(async () => {
			try {
				const seal = await this.seal;
				const payload = await seal(notes);
				if (!this.isOver) this.options.emit(payload);
			} catch (error) {
				this.stop();
				this.options.onFault(error);
			}
		});
	}
}

/** Agrees on a key with a key pair of this document's own, of which nobody ever sees the private half. */
async function createSeal({
	key,
	pageId
}: PersonalOptions): Promise<(notes: PersonalNote[]) => Promise<PersonalPayload>> {
	const { subtle } = crypto;
	const theirs = await subtle.importKey('raw', fromBase64(key.publicKey), CURVE, false, []);
	const own = await subtle.generateKey(CURVE, false, ['deriveBits']);
	const point = new Uint8Array(await subtle.exportKey('raw', own.publicKey));
	const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, own.privateKey, 256);
	const encoder = new TextEncoder();
	const derived = await subtle.deriveKey(
		{ name: 'HKDF', hash: 'SHA-256', salt: point, info: encoder.encode(PERSONAL_INFO + key.id) },
		await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
		{ name: 'AES-GCM', length: 256 },
		false,
		['encrypt']
	);
	// Bound to the page: attached to another client's page it would not open.
	const additionalData = encoder.encode(pageId);
	const page = toBase64(point);
	return async (notes) => {
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const clear = encoder.encode(JSON.stringify(notes));
		const data = await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, derived, clear);
		return { key: key.id, page, iv: toBase64(iv), data: toBase64(new Uint8Array(data)) };
	};
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

function toBase64(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text);
}
