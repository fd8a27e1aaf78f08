// Signals whose publisher goes on whatever becomes of them: what changed is committed, and receivers sweep the rows anyway.
// What must arrive is published by the outbox, over the carrier itself.
import type { Signal, Signals } from '#server/ports/signals.ts';

export class ToldSignals implements Signals {
	readonly #carrier: Signals;
	readonly #onError: (error: unknown) => void;

	constructor(carrier: Signals, onError: (error: unknown) => void) {
		this.#carrier = carrier;
		this.#onError = onError;
	}

	publish(signal: Signal): Promise<void> {
		this.#carrier.publish(signal).catch(this.#onError);
		return Promise.resolve();
	}

	subscribe(receive: (signal: Signal) => void): () => void {
		return this.#carrier.subscribe(receive);
	}

	close(): Promise<void> {
		return this.#carrier.close();
	}
}
