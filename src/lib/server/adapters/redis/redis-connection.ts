// One connection to Redis: opened with a clear word when that fails, mended by itself afterwards, and never waited for long.
// Commands go out as they are, in the order of the calls; which keys they touch is the adapters' business.
import { createClient, RESP_TYPES } from 'redis';
import { AppError } from '#domain/errors.ts';

export type RedisWord = string | Buffer;

/** A start that does not reach Redis within about this says so and ends; afterwards it is tried again for ever. */
const START_TRIES = 5;
const RETRY_MS = 250;
const MAX_RETRY_MS = 2_000;

/** A frozen server must refuse, not hang: whoever asked tries again or shows that nothing is kept. */
const ANSWER_WITHIN_MS = 5_000;

/** Finds out within seconds that the way to the server is cut although the socket never closed. */
const PING_EVERY_MS = 3_000;
const SILENT_FOR_MS = 10_000;

function makeClient(url: string, hasConnected: () => boolean) {
	return createClient({
		url,
		// While the way is cut a command fails at once: a queue of them would hold batches that nobody was promised.
		disableOfflineQueue: true,
		pingInterval: PING_EVERY_MS,
		socket: {
			connectTimeout: ANSWER_WITHIN_MS,
			socketTimeout: SILENT_FOR_MS,
			reconnectStrategy: (retries, cause) =>
				!hasConnected() && retries >= START_TRIES ? cause : Math.min(RETRY_MS * (retries + 1), MAX_RETRY_MS)
		}
	});
}

type Client = ReturnType<typeof makeClient>;

export class RedisConnection {
	readonly #client: Client;

	private constructor(client: Client) {
		this.#client = client;
	}

	/**
	 * @param onError told once of each lost connection; it is mended without the caller
	 * @throws AppError `try_later` when the server cannot be reached at the start
	 */
	static async open(url: string, onError: (error: Error) => void): Promise<RedisConnection> {
		let hasConnected = false;
		let isTold = false;
		const client = makeClient(url, () => hasConnected);
		client.on('ready', () => (isTold = false));
		client.on('error', (error: Error) => {
			// Each failed try is one more: the log wants the first.
			if (hasConnected && !isTold) onError(error);
			isTold = true;
		});
		try {
			await client.connect();
		} catch (error) {
			const reason = (error as Error).message || 'no answer';
			throw new AppError('try_later', `REDIS_URL: Redis cannot be reached (${reason}). Is it running there?`);
		}
		hasConnected = true;
		return new RedisConnection(client);
	}

	/** Runs one command; texts of the answer are texts. @throws AppError `try_later` */
	ask(...words: RedisWord[]): Promise<unknown> {
		return this.#answered(this.#client.sendCommand(words));
	}

	/** The same with every text of the answer as bytes. */
	askBytes(...words: RedisWord[]): Promise<unknown> {
		const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer };
		return this.#answered(this.#client.sendCommand(words, { typeMapping }));
	}

	/** Runs a script as one step. Sent whole each time: it is short, and the order of calls survives a restarted server. */
	run(script: string, keys: readonly string[], ...words: RedisWord[]): Promise<unknown> {
		return this.ask('EVAL', script, String(keys.length), ...keys, ...words);
	}

	/** From now on this connection is for listening only. */
	async listen(channel: string, receive: (message: string) => void): Promise<void> {
		await this.#answered(this.#client.subscribe(channel, receive));
	}

	async unlisten(channel: string): Promise<void> {
		await this.#answered(this.#client.unsubscribe(channel));
	}

	/** Calls back whenever a lost connection works again: what was said meanwhile was missed. */
	onMended(mended: () => void): void {
		this.#client.on('ready', mended);
	}

	async close(): Promise<void> {
		// What is under way is answered first; a server that is gone has nothing to say any more.
		if (this.#client.isReady) await this.#answered(this.#client.close()).catch(() => this.#client.destroy());
		else if (this.#client.isOpen) this.#client.destroy();
	}

	async #answered<T>(reply: Promise<T>): Promise<T> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_WITHIN_MS);
		});
		try {
			return await Promise.race([reply, late]);
		} catch (error) {
			throw new AppError('try_later', 'Redis does not take or give this right now. Try again in a moment.', {
				reason: (error as Error).message
			});
		} finally {
			clearTimeout(timer);
		}
	}
}
