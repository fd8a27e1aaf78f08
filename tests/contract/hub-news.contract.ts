// What every carrier of hubs' news keeps to. What was published may still be on its way.
import { describe, expect, it } from 'vitest';
import type { HubNews } from '#server/ports/hub-news.ts';

export type HubNewsFixture = { news: HubNews; errors: unknown[] };

export function hubNewsContract(name: string, open: () => Promise<HubNewsFixture>): void {
	describe(`news of hubs: ${name}`, () => {
		it('reach every listener, the speaker too, whole and in order', async () => {
			const { news } = await open();
			const heard: [string[], string[]] = [[], []];
			news.subscribe((text) => heard[0].push(text));
			news.subscribe((text) => heard[1].push(text));
			const long = '€'.repeat(200_000);
			for (const text of ['1', long, '3']) await news.publish(text);
			await expect
				.poll(() => heard)
				.toEqual([
					['1', long, '3'],
					['1', long, '3']
				]);
			await news.close();
		});

		it('reach the others when one listener throws, and the fault is told', async () => {
			const { news, errors } = await open();
			const heard: string[] = [];
			const fault = new Error('listener');
			news.subscribe(() => {
				throw fault;
			});
			news.subscribe((text) => heard.push(text));
			await news.publish('1');
			await expect.poll(() => [heard, errors]).toEqual([['1'], [fault]]);
			await news.close();
		});

		it('stop at the end of a listening, of that one alone', async () => {
			const { news } = await open();
			const heard: string[] = [];
			news.subscribe((text) => heard.push(`stays ${text}`));
			const end = news.subscribe((text) => heard.push(`goes ${text}`));
			await news.publish('1');
			await expect.poll(() => heard).toEqual(['stays 1', 'goes 1']);
			end();
			end();
			await news.publish('2');
			await expect.poll(() => heard).toEqual(['stays 1', 'goes 1', 'stays 2']);
			await news.close();
		});
	});
}
