// What every carrier of hubs' news keeps to. `settle` waits until what was published has arrived.
import { describe, expect, it } from 'vitest';
import type { HubNews } from '#server/ports/hub-news.ts';

export type HubNewsFixture = { news: HubNews; errors: unknown[]; settle(): Promise<void> };

export function hubNewsContract(name: string, open: () => Promise<HubNewsFixture>): void {
	describe(`news of hubs: ${name}`, () => {
		it('reach every listener, the speaker too, whole and in order', async () => {
			const { news, settle } = await open();
			const heard: [string[], string[]] = [[], []];
			news.subscribe((text) => heard[0].push(text));
			news.subscribe((text) => heard[1].push(text));
			const long = '€'.repeat(200_000);
			for (const text of ['1', long, '3']) await news.publish(text);
			await settle();
			expect(heard).toEqual([
				['1', long, '3'],
				['1', long, '3']
			]);
			await news.close();
		});

		it('reach the others when one listener throws, and the fault is told', async () => {
			const { news, errors, settle } = await open();
			const heard: string[] = [];
			const fault = new Error('listener');
			news.subscribe(() => {
				throw fault;
			});
			news.subscribe((text) => heard.push(text));
			await news.publish('1');
			await settle();
			expect([heard, errors]).toEqual([['1'], [fault]]);
			await news.close();
		});

		it('stop at the end of a listening, of that one alone', async () => {
			const { news, settle } = await open();
			const heard: string[] = [];
			news.subscribe((text) => heard.push(`stays ${text}`));
			const end = news.subscribe((text) => heard.push(`goes ${text}`));
			await news.publish('1');
			await settle();
			end();
			end();
			await news.publish('2');
			await settle();
			expect(heard).toEqual(['stays 1', 'goes 1', 'stays 2']);
			await news.close();
		});
	});
}
