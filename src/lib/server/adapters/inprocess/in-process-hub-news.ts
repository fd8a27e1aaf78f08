// News between the hubs of one process: in the product there is one, in tests there are several.
import type { HubNews } from '#server/ports/hub-news.ts';

type Receive = (text: string) => void;

export class InProcessHubNews implements HubNews {
	readonly #receivers = new Map<symbol, Receive>();
	readonly #onError: (error: unknown) => void;

	/** @param onError told of a receiver that threw */
	constructor(onError: (error: unknown) => void) {
		this.#onError = onError;
	}

	publish(text: string): Promise<void> {
		this.tell(text);
		return Promise.resolve();
	}

	subscribe(receive: Receive): () => void {
		const key = Symbol('subscription');
		this.#receivers.set(key, receive);
		return () => void this.#receivers.delete(key);
	}

	close(): Promise<void> {
		this.#receivers.clear();
		return Promise.resolve();
	}

	/** One receiver that throws must not keep the news from the others. */
	tell(text: string): void {
		for (const receive of this.#receivers.values())
			try {
				receive(text);
			} catch (error) {
				this.#onError(error);
			}
	}
}
