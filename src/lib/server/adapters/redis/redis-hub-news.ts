// News between hubs over Redis pub/sub. Each speaker's words keep their order; who was away asks the others again.
import type { HubNews } from '#server/ports/hub-news.ts';
import { InProcessHubNews } from '../inprocess/in-process-hub-news.ts';
import { RedisConnection } from './redis-connection.ts';

const CHANNEL = 'switchback:hubs';

export class RedisHubNews implements HubNews {
	readonly #speaker: RedisConnection;
	readonly #listener: RedisConnection;
	readonly #here: InProcessHubNews;

	private constructor(speaker: RedisConnection, listener: RedisConnection, here: InProcessHubNews) {
		this.#speaker = speaker;
		this.#listener = listener;
		this.#here = here;
	}

	/** @param onError told of receivers that threw, and of lost connections */
	static async open(url: string, onError: (error: unknown) => void): Promise<RedisHubNews> {
		const speaker = await RedisConnection.open(url, onError);
		const listener = await RedisConnection.open(url, onError);
		const here = new InProcessHubNews(onError);
		await listener.listen(CHANNEL, (text) => here.tell(text));
		return new RedisHubNews(speaker, listener, here);
	}

	async publish(text: string): Promise<void> {
		await this.#speaker.ask('PUBLISH', CHANNEL, text);
	}

	subscribe(receive: (text: string) => void): () => void {
		return this.#here.subscribe(receive);
	}

	async close(): Promise<void> {
		await this.#here.close();
		await Promise.all([this.#speaker.close(), this.#listener.close()]);
	}
}
