// Brings pictures and fonts of the recorded page to the client's store: tells which there are, sends what is lacking, slowly. It
// fails quietly: without them the recording is whole and shows boxes in their place.
import type { LeftOut } from '../format/assets.ts';

/** Several are told of at once. */
const TELL_AFTER_MS = 300;
const MAX_TOLD = 40;
/** After an answer that says "later". */
const AGAIN_AFTER_MS = 5_000;
const MAX_TRIES = 3;

type Taken = { name: string; sha256: string; bytes: Uint8Array<ArrayBuffer> };
type Left = { name: string; why: LeftOut };
export type CourierOptions = { address: string; send?: typeof fetch };

/** The page is not recorded any more, or has shown more than is kept: nothing will be taken of it. */
class NoMore extends Error {}

export class AssetCourier {
	private readonly options: CourierOptions;
	private taken: Taken[] = [];
	private left: Left[] = [];
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isBusy = false;
	private isOver = false;
	private tries = 0;

	constructor(options: CourierOptions) {
		this.options = options;
	}

	async take(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
		const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
		this.taken.push({ name, sha256, bytes });
		this.later(TELL_AFTER_MS);
	}

	leave(name: string, why: LeftOut): void {
		this.left.push({ name, why });
		this.later(TELL_AFTER_MS);
	}

	stop(): void {
		this.isOver = true;
		clearTimeout(this.timer);
		this.taken = [];
		this.left = [];
	}

	private later(ms: number): void {
		if (this.isOver || this.isBusy) return;
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.go(), ms);
	}

	private async go(): Promise<void> {
		this.isBusy = true;
		const taken = this.taken.splice(0, MAX_TOLD);
		const left = this.left.splice(0, MAX_TOLD);
		try {
			await this.bring(taken, left);
			this.tries = 0;
		} catch (error) {
			if (error instanceof NoMore || ++this.tries >= MAX_TRIES) return this.stop();
			this.taken.unshift(...taken);
			this.left.unshift(...left);
		} finally {
			this.isBusy = false;
		}
		if (this.taken.length + this.left.length > 0) this.later(this.tries > 0 ? AGAIN_AFTER_MS : TELL_AFTER_MS);
	}

	private async bring(taken: readonly Taken[], left: readonly Left[]): Promise<void> {
		const offer = { taken: taken.map(({ name, sha256 }) => ({ name, sha256 })), left };
		const answer = await this.ask('POST', this.options.address, JSON.stringify(offer));
		const { wanted } = (await answer.json()) as { wanted: string[] };
		const sent = new Set<string>();
		for (const { name, sha256, bytes } of taken) {
			if (!wanted.includes(sha256)) continue;
			// The same file under a second name: it is there by now, and only to be told of again.
			if (sent.has(sha256)) {
				this.taken.push({ name, sha256, bytes });
				continue;
			}
			sent.add(sha256);
			const address = `${this.options.address}/${sha256}?name=${encodeURIComponent(name)}`;
			const kept = await this.ask('PUT', address, bytes);
			if (!kept.ok) this.left.push({ name, why: 'refused' });
		}
	}

	private async ask(method: string, address: string, body: BodyInit): Promise<Response> {
		const send = this.options.send ?? fetch;
		const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
		const headers = { 'content-type': type };
		const answer = await send(address, { method, body, headers, priority: 'low' });
		if (answer.ok || (method === 'PUT' && (answer.status === 400 || answer.status === 413))) return answer;
		if (answer.status < 500) throw new NoMore();
		throw new Error(`The store answered ${answer.status}.`);
	}
}
