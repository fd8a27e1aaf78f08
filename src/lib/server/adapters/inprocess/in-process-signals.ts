// Signals between the web, the hub and the worker of one process. Delivered at once, in order, and kept nowhere.
import type { Signal, Signals } from '#server/ports/signals.ts';

type Receive = (signal: Signal) => void;

export class InProcessSignals implements Signals {
	readonly #receivers = new Map<symbol, Receive>();
	readonly #onError: (error: unknown) => void;

	/** @param onError told of a receiver that threw: its fault must reach the log, not the publisher */
	constructor(onError: (error: unknown) => void) {
		this.#onError = onError;
	}

	publish(signal: Signal): Promise<void> {
		// A copy: a receiver may end its subscription, or start one, while it is being called.
		const receivers = [...this.#receivers.values()];
		for (const receive of receivers) this.#deliver(receive, signal);
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

	/** One receiver that throws must not keep a freeze or an end from the others. */
	#deliver(receive: Receive, signal: Signal): void {
		try {
			receive(signal);
		} catch (error) {
			this.#onError(error);
		}
	}
}
