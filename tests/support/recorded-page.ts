// A page that counts as fast as it can while the real recorder records it, and what the hub came to know of its counting:
// every number must be there once, in order, whatever happened to tabs and lines.
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import { CUSTOM_TAGS, EVENT, SOURCE, type Loose, type StretchMark } from '#recorder/format/events.ts';
import { until, type RecorderHub } from './recorder-hub.ts';

declare const window: { states: string[] } & typeof globalThis;

/** Its ticket and page id are when it was opened; `skew` is how far its wall clock was set. */
export const countingPage = (filler: number): string => `<!doctype html><html><body><p id="count">0</p>
<input id="field"><div>${'<i>filler</i>'.repeat(filler)}</div>
<script>const real=Date.now.bind(Date);window.skew=0;Date.now=()=>real()+skew;</script>
<script src="/recorder.js"></script><script>
window.ticket='t'+performance.timeOrigin;window.states=[];
window.recorder=bundle.startRecorder({ticket,pageId:ticket,masking:{profile:'personal',personal:null},
onState(){},onRecording(r,why){states.push(why?r+' '+why:r)},onEnded(){}});
let n=0;setInterval(()=>{count.textContent=++n},5);
addEventListener('pagehide',()=>{localStorage.setItem(ticket,n)},true);
</script></body></html>`;

export const isLive = (page: Page): Promise<void> =>
	until('live', () => page.evaluate(() => window.states.at(-1) === 'live'));

export const ticketOf = (page: Page): Promise<string> =>
	page.evaluate(() => (window as unknown as { ticket: string }).ticket);

/** Every value the counter had on the page, as far as the hub knows. */
export function counted(hub: RecorderHub, ticket: string): number[] {
	return hub.eventsOf(ticket).flatMap(({ type, data }) => {
		const mutation = data as { source: number; texts?: Loose[]; adds?: { node: Loose }[] };
		if (type !== EVENT.incremental || mutation.source !== SOURCE.mutation) return [];
		const texts = [
			...(mutation.texts ?? []).map(({ value }) => value),
			...(mutation.adds ?? []).map(({ node }) => node.textContent)
		];
		return texts.filter((value) => typeof value === 'string' && /^\d+$/.test(value)).map(Number);
	});
}

/** What each page that is gone had counted to when it went. */
export const lastCounts = async (page: Page): Promise<[string, number][]> =>
	(await page.evaluate(() => Object.entries(localStorage))).map(([ticket, count]) => [ticket, Number(count)]);

/** Waits until the hub knows that the page counted so far, and that each number is there once and in order. */
export async function expectCounted(hub: RecorderHub, ticket: string, last: number): Promise<void> {
	await until(
		`page ${ticket} delivered to ${last}, has ${counted(hub, ticket).at(-1)}`,
		() => (counted(hub, ticket).at(-1) ?? 0) >= last,
		15_000
	);
	const values = counted(hub, ticket);
	expect(values).toEqual(Array.from(values, (_, index) => (values[0] ?? 0) + index));
}

/** What the recording says of stretches in which little came. */
export const stretches = (hub: RecorderHub, ticket: string): StretchMark[] =>
	hub.eventsOf(ticket).flatMap(({ type, data }) => {
		const { tag, payload } = data as { tag?: string; payload?: StretchMark };
		return type === EVENT.custom && tag === CUSTOM_TAGS.stretch && payload ? [payload] : [];
	});

/** Everything this browser stores for the page's origin, as raw text of the bytes. */
export const storedText = (page: Page): Promise<string> =>
	page.evaluate(async () => {
		const text = (value: unknown): string => {
			if (value instanceof Uint8Array) return Array.from(value, (byte) => String.fromCharCode(byte)).join('');
			if (typeof value !== 'object' || value === null) return String(value);
			return Object.entries(value)
				.map(([name, inner]) => `${name}=${text(inner)}`)
				.join(';');
		};
		const ask = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.addEventListener('success', () => resolve(request.result));
				request.addEventListener('error', () => reject(request.error as Error));
			});
		const parts = [JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie];
		for (const { name } of await indexedDB.databases()) {
			const database = await ask(indexedDB.open(name ?? ''));
			for (const table of database.objectStoreNames) {
				const store = database.transaction(table).objectStore(table);
				parts.push(text(await ask(store.getAllKeys())), text(await ask(store.getAll())));
			}
			database.close();
		}
		return parts.join('\n');
	});

/** Under which keys copies lie in this browser, one name for each copy. */
export const copies = (page: Page): Promise<string[]> =>
	page.evaluate(
		() =>
			new Promise<string[]>((resolve, reject) => {
				const opening = indexedDB.open('switchback-recorder');
				opening.addEventListener('error', () => reject(opening.error as Error));
				opening.addEventListener('success', () => {
					const reading = opening.result.transaction('copies').objectStore('copies').getAllKeys();
					reading.addEventListener('success', () => {
						opening.result.close();
						resolve((reading.result as string[][]).map(([name]) => name ?? ''));
					});
				});
			})
	);
