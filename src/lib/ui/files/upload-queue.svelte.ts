// Files on their way in pieces: a lost connection, or a page that was closed, loses at most one piece. The library that
// speaks the protocol is loaded with the first file.
import { SvelteMap } from 'svelte/reactivity';
import type { DetailedError, Upload } from 'tus-js-client';
import { TICKET_HEADER } from '#web/carry-ticket.ts';

export type Item = {
	key: number;
	file: File;
	/** Bytes that have arrived. */
	sent: number;
	state: 'waiting' | 'sending' | 'broken' | 'refused' | 'done';
	/** Why it stopped, and what to do. */
	sentence: string | null;
};

export type Refusal = { status: number; code: string; message: string };

type Options = {
	/** Where the protocol is spoken. */
	endpoint: string;
	/** The ticket of this page while impersonating. */
	ticket: string | null;
	/** Called when nothing is under way any more and something arrived. */
	onarrived(names: string[]): void;
	onrefused(refusal: Refusal): void;
};

/** Small enough that a lost one costs little, large enough that asking for each is no burden. */
const PIECE_BYTES = 8 * 1024 * 1024;
const AT_ONCE = 2;
/** About three minutes of silence; then the person decides. */
const RETRY_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000, 30_000, 30_000];

/** Worth trying again by itself: no answer at all, a server that is busy, two requests that met. */
const isPassing = (status: number): boolean =>
	status === 0 || status >= 500 || [408, 409, 423, 429].includes(status);

const statusOf = (error: Error | DetailedError): number =>
	'originalResponse' in error ? (error.originalResponse?.getStatus() ?? 0) : 0;

function refusalOf(error: Error | DetailedError): Refusal {
	const status = statusOf(error);
	const fallback = { status, code: 'try_later', message: 'The upload broke off. Try again.' };
	if (!('originalResponse' in error)) return fallback;
	try {
		const { code, message } = JSON.parse(error.originalResponse?.getBody() ?? '');
		return { ...fallback, code: String(code), message: String(message) };
	} catch {
		// Not our own answer: a proxy's page, or none.
		return fallback;
	}
}

export class UploadQueue {
	items: Item[] = $state([]);
	readonly isBusy = $derived(this.items.some(({ state }) => state === 'waiting' || state === 'sending'));
	readonly #running = new SvelteMap<number, Upload>();
	readonly #options: Options;
	#folder: string | null = null;
	#keys = 0;

	constructor(options: Options) {
		this.#options = options;
	}

	/** Adds files for a folder and starts. */
	add(files: Iterable<File>, folder: string | null): void {
		this.#folder = folder;
		this.items = this.items.filter(({ state }) => state !== 'done');
		for (const file of files)
			this.items.push({ key: (this.#keys += 1), file, sent: 0, state: 'waiting', sentence: null });
		this.#next();
	}

	retry(item: Item): void {
		item.state = 'waiting';
		item.sentence = null;
		this.#next();
	}

	/** Takes it off the list; what has arrived is removed on the server. */
	async cancel(item: Item): Promise<void> {
		const running = this.#running.get(item.key);
		this.#running.delete(item.key);
		this.items = this.items.filter(({ key }) => key !== item.key);
		// Without a connection the server removes it by itself, a day later.
		await running?.abort(true).catch(() => undefined);
		this.#next();
	}

	#next(): void {
		const sending = this.items.filter(({ state }) => state === 'sending').length;
		const waiting = this.items.filter(({ state }) => state === 'waiting');
		for (const item of waiting.slice(0, Math.max(0, AT_ONCE - sending))) {
			item.state = 'sending';
			void this.#send(item, this.#folder);
		}
		const arrived = this.items.filter(({ state }) => state === 'done');
		if (!this.isBusy && arrived.length > 0) this.#options.onarrived(arrived.map(({ file }) => file.name));
	}

	async #send(item: Item, folder: string | null): Promise<void> {
		const { Upload } = await import('tus-js-client');
		const { ticket, endpoint } = this.#options;
		const upload = new Upload(item.file, {
			endpoint,
			chunkSize: PIECE_BYTES,
			retryDelays: RETRY_MS,
			metadata: { filename: item.file.name, ...(folder && { folder }) },
			headers: ticket ? { [TICKET_HEADER]: ticket } : {},
			// An impersonation's uploads are its own: the next one must not find their addresses in this browser.
			storeFingerprintForResuming: ticket === null,
			removeFingerprintOnSuccess: true,
			fingerprint: (file) =>
				Promise.resolve(['upload', endpoint, folder, file.name, file.size, file.lastModified].join('|')),
			onShouldRetry: (error) => isPassing(statusOf(error)),
			onProgress: (sent) => (item.sent = sent),
			onSuccess: () => this.#settle(item, 'done'),
			onError: (error) => this.#failed(item, error)
		});
		this.#running.set(item.key, upload);
		const [before] = ticket === null ? await upload.findPreviousUploads() : [];
		if (before) upload.resumeFromPreviousUpload(before);
		// Cancelled while the library was loading.
		if (this.#running.has(item.key)) upload.start();
	}

	#settle(item: Item, state: Item['state']): void {
		this.#running.delete(item.key);
		item.state = state;
		this.#next();
	}

	#failed(item: Item, error: Error | DetailedError): void {
		const refusal = refusalOf(error);
		item.sentence = refusal.message;
		this.#settle(item, isPassing(refusal.status) ? 'broken' : 'refused');
		if (refusal.status === 403 || refusal.status === 410) this.#options.onrefused(refusal);
	}
}
