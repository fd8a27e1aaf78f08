// Signals between processes over Redis pub/sub. Everybody, the publisher included, hears them on one connection, in order.
import type { Signal, Signals } from '#server/ports/signals.ts';
import { InProcessSignals } from '../inprocess/in-process-signals.ts';
import { RedisConnection } from './redis-connection.ts';

const CHANNEL = 'switchback:signals';

export class RedisSignals implements Signals {
	readonly #publisher: RedisConnection;
	readonly #listener: RedisConnection;
	readonly #here: InProcessSignals;

	private constructor(publisher: RedisConnection, listener: RedisConnection, here: InProcessSignals) {
		this.#publisher = publisher;
		this.#listener = listener;
		this.#here = here;
	}

	/** @param onError told of receivers that threw, of what is no signal, and of lost connections */
	static async open(url: string, onError: (error: unknown) => void): Promise<RedisSignals> {
		const publisher = await RedisConnection.open(url, onError);
		const listener = await RedisConnection.open(url, onError);
		const signals = new RedisSignals(publisher, listener, new InProcessSignals(onError));
		await listener.listen(CHANNEL, (message) => signals.#receive(message, onError));
		return signals;
	}

	async publish(signal: Signal): Promise<void> {
		await this.#publisher.ask('PUBLISH', CHANNEL, JSON.stringify(signal));
	}

	subscribe(receive: (signal: Signal) => void): () => void {
		return this.#here.subscribe(receive);
	}

	async close(): Promise<void> {
		await this.#here.close();
		await Promise.all([this.#publisher.close(), this.#listener.close()]);
	}

	#receive(message: string, onError: (error: unknown) => void): void {
		try {
			void this.#here.publish(JSON.parse(message) as Signal);
		} catch (error) {
			// Somebody else writes into our channel: never a reason to end the process.
			onError(error);
		}
	}
}
