// Notices requests that fail: `fetch`, `XMLHttpRequest`, and files of elements. The page gets what it would have got: the same answer,
// the same error, thrown where it would have been. Bodies and headers are never looked at.

/** `status`: 0 where no answer came. */
export type FailedRequest = { method: string; address: string; status: number };
export type NoteRequest = (failed: FailedRequest) => void;

const FIRST_FAILED = 400;

/** Never throws into the page, whatever it was given. */
function quietly(work: () => void): void {
	try {
		work();
	} catch {
		// What cannot be read of a request is not told; the request itself is untouched.
	}
}

/** Put in the place of `owner[name]`; taken out again unless the page has put its own around it. */
function replace<O extends object, K extends keyof O>(owner: O, name: K, own: O[K]): () => void {
	const before = owner[name];
	owner[name] = own;
	return () => {
		if (owner[name] === own) owner[name] = before;
	};
}

const isAbort = (error: unknown): boolean =>
	error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');

export function watchFetch(note: NoteRequest): () => void {
	const before = window.fetch;
	let isOver = false;
	const told = (input: RequestInfo | URL, init: RequestInit | undefined, status: number): void => {
		if (isOver) return;
		quietly(() => {
			const isRequest = input instanceof Request;
			const method = String(init?.method ?? (isRequest ? input.method : 'GET')).toUpperCase();
			note({ method, address: isRequest ? input.url : String(input), status });
		});
	};
	const watched: typeof fetch = function (this: unknown, ...args) {
		const answer = Reflect.apply(before, this, args) as Promise<Response>;
		// Handed on, not watched beside it: a rejection that nobody handles must stay one that nobody handles.
		return answer.then(
			(response) => {
				if (response.status >= FIRST_FAILED) told(args[0], args[1], response.status);
				return response;
			},
			(error: unknown) => {
				if (!isAbort(error)) told(args[0], args[1], 0);
				throw error;
			}
		);
	};
	const restore = replace(window, 'fetch', watched);
	return () => {
		isOver = true;
		restore();
	};
}

export function watchXhr(note: NoteRequest): () => void {
	const { prototype } = XMLHttpRequest;
	const before = prototype.open;
	const opened = new WeakMap<XMLHttpRequest, { method: string; address: string }>();
	let isOver = false;
	const told = (event: Event): void => {
		const request = event.currentTarget as XMLHttpRequest;
		const about = opened.get(request);
		if (isOver || !about || (event.type === 'load' && request.status < FIRST_FAILED)) return;
		quietly(() => note({ ...about, status: event.type === 'load' ? request.status : 0 }));
	};
	const watched = function (this: XMLHttpRequest, ...args: Parameters<typeof before>): void {
		Reflect.apply(before, this, args);
		quietly(() => {
			opened.set(this, { method: String(args[0]).toUpperCase(), address: String(args[1]) });
			// The same listener twice counts once: a request may be opened again.
			for (const name of ['load', 'error', 'timeout']) this.addEventListener(name, told);
		});
	} as typeof before;
	const restore = replace(prototype, 'open', watched);
	return () => {
		isOver = true;
		restore();
	};
}

const addressIn = (element: Element): string => {
	const { src, href, data } = element as unknown as Record<'src' | 'href' | 'data', unknown>;
	return [src, href, data].find((value): value is string => typeof value === 'string' && value !== '') ?? '';
};

/** What a file was answered with, where the browser says so. */
const statusOf = (address: string): number => {
	const timing = performance.getEntriesByName(address, 'resource').at(-1) as
		PerformanceResourceTiming | undefined;
	const status = timing?.responseStatus ?? 0;
	return status >= FIRST_FAILED ? status : 0;
};

/** Pictures, scripts and styles, also those that failed before anybody looked. `isShown`: may be told of. */
export function watchFiles(note: NoteRequest, isShown: (element: Element) => boolean): () => void {
	for (const entry of performance.getEntriesByType('resource') as PerformanceResourceTiming[])
		if (entry.responseStatus >= FIRST_FAILED)
			// Whose it was nobody knows any more: one of a secret area says nothing behind its path.
			note({ method: 'GET', address: entry.name.replace(/\?.*$/s, ''), status: entry.responseStatus });
	const failed = ({ target }: Event): void => {
		if (!(target instanceof Element)) return;
		quietly(() => {
			const address = addressIn(target);
			if (/^https?:/.test(address) && isShown(target))
				note({ method: 'GET', address, status: statusOf(address) });
		});
	};
	addEventListener('error', failed, true);
	return () => removeEventListener('error', failed, true);
}
