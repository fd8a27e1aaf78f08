// What a page or a process still holds, after all that can be let go was.
import type { CDPSession, Frame, Page } from '@playwright/test';
import type { DemoProcess } from '#support/demo-process.ts';
import { HttpPerson } from '#support/http-person.ts';
import { agencyOf } from '#support/inside-demo.ts';

/** `nodes` and `listeners` are those of documents; a process has none. */
export type Held = { bytes: number; nodes: number; listeners: number };

/** Heap and buffers of the process, as it says itself. */
export async function heldBy(demo: DemoProcess): Promise<Held> {
	const { text } = await new HttpPerson(demo.port).ask(`${agencyOf(demo)}/metrics`);
	const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
	const bytes = read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes');
	return { bytes, nodes: 0, listeners: 0 };
}

/** Null for a frame that shares its parent's process: it is counted there. */
const sessionOf = (page: Page, of: Page | Frame): Promise<CDPSession | null> =>
	page
		.context()
		.newCDPSession(of)
		.catch(() => null);

/** Of a page with all its frames, in however many processes they are. */
export async function heldIn(page: Page): Promise<Held> {
	const held: Held = { bytes: 0, nodes: 0, listeners: 0 };
	for (const of of [page, ...page.frames().slice(1)]) {
		const protocol = await sessionOf(page, of);
		if (!protocol) continue;
		await protocol.send('HeapProfiler.collectGarbage');
		const { usedSize } = await protocol.send('Runtime.getHeapUsage');
		const { nodes, jsEventListeners } = await protocol.send('Memory.getDOMCounters');
		held.bytes += usedSize;
		held.nodes += nodes;
		held.listeners += jsEventListeners;
		await protocol.detach();
	}
	return held;
}
