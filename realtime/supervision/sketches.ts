// The last wireframe of each page, so that a wall that opens is full at once.
import type { Sketch, SketchMessage } from '#protocol/help.ts';

/** One impersonation has as many tabs as a person opens; older ones are left out. */
const MAX_PAGES = 8;

export class Sketches {
	private readonly byImpersonation = new Map<string, Map<string, Sketch>>();

	/** Takes what a page said; its earlier boxes stand where it left them out. Null while there are none at all. */
	note(impersonationId: string, pageId: string, message: SketchMessage): Sketch | null {
		const pages = this.byImpersonation.get(impersonationId) ?? new Map<string, Sketch>();
		const boxes = message.boxes ?? pages.get(pageId)?.boxes;
		if (!boxes) return null;
		const sketch = { ...message, boxes };
		this.byImpersonation.set(impersonationId, pages);
		// Last said, last in the map: what is dropped is what was not heard of for longest.
		pages.delete(pageId);
		pages.set(pageId, sketch);
		const [oldest] = pages.keys();
		if (pages.size > MAX_PAGES && oldest !== undefined) pages.delete(oldest);
		return sketch;
	}

	of(impersonationId: string, pageId: string): Sketch | null {
		return this.byImpersonation.get(impersonationId)?.get(pageId) ?? null;
	}

	forget(impersonationId: string): void {
		this.byImpersonation.delete(impersonationId);
	}
}
