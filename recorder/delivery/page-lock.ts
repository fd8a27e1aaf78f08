// Who is alive: a page holds a lock of its name as long as it can deliver for itself. The browser gives the lock free
// however the page ended, crash included, and nobody can pretend: what is broadcast between tabs is not asked.

export interface PageLocks {
	/** Holds the page's lock; returns how to let go. */
	hold(pageId: string): () => void;
	/** Does the work if the page is gone, holding its lock meanwhile so that one page at a time delivers for it. */
	ifGone(pageId: string, work: () => Promise<void>): Promise<void>;
}

const nameOf = (pageId: string): string => `switchback-recorder:${pageId}`;

/** The locks of this browser. Without Web Locks no page is ever taken for gone. */
export const browserLocks: PageLocks = {
	hold: (pageId) => {
		let letGo = (): void => undefined;
		const held = new Promise<void>((resolve) => {
			letGo = resolve;
		});
		// Refused where the document goes away meanwhile; then there is nothing to hold it for.
		navigator.locks?.request(nameOf(pageId), () => held).catch(() => undefined);
		return letGo;
	},
	ifGone: async (pageId, work) => {
		await navigator.locks?.request(nameOf(pageId), { ifAvailable: true }, async (lock) => {
			if (lock) await work();
		});
	}
};
