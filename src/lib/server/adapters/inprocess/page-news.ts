// Wakes those who follow a page when something new of it may be there. A false alarm is harmless: they read and wait again.

export class PageNews {
	readonly #waiting = new Map<string, Set<() => void>>();

	/** True while anybody waits for news of the page. */
	isAwaited(pageId: string): boolean {
		return this.#waiting.has(pageId);
	}

	/** Resolves at the next news of the page, or when `signal` aborts. Ask before reading, so that nothing falls between. */
	next(pageId: string, signal: AbortSignal): Promise<void> {
		if (signal.aborted) return Promise.resolve();
		const waiting = this.#waiting.get(pageId) ?? new Set();
		this.#waiting.set(pageId, waiting);
		return new Promise((resolve) => {
			const wake = () => {
				signal.removeEventListener('abort', wake);
				waiting.delete(wake);
				if (waiting.size === 0 && this.#waiting.get(pageId) === waiting) this.#waiting.delete(pageId);
				resolve();
			};
			waiting.add(wake);
			signal.addEventListener('abort', wake, { once: true });
		});
	}

	tell(pageId: string): void {
		for (const wake of this.#waiting.get(pageId) ?? []) wake();
	}

	tellAll(): void {
		for (const pageId of this.#waiting.keys()) this.tell(pageId);
	}
}
