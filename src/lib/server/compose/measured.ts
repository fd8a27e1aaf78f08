// Times the calls of a port for the operator's metrics, without the adapter knowing of it.

/** One call that ended. No argument of it is ever told: it may be a client's. */
export type PortCall = { port: string; operation: string; isDone: boolean; seconds: number };

/** The same object with the named methods timed; everything else is called as it was. */
export function measured<T extends object>(
	target: T,
	port: string,
	operations: readonly (keyof T & string)[],
	observe: (call: PortCall) => void
): T {
	const timed = (operation: string, call: (...words: unknown[]) => Promise<unknown>) => {
		return async (...words: unknown[]): Promise<unknown> => {
			const startedAt = performance.now();
			let isDone = false;
			try {
				const answer = await call(...words);
				isDone = true;
				return answer;
			} finally {
				observe({ port, operation, isDone, seconds: (performance.now() - startedAt) / 1000 });
			}
		};
	};
	const copy: Record<string, unknown> = {};
	const names = Object.getOwnPropertyNames(Object.getPrototypeOf(target)).filter(
		(name) => name !== 'constructor'
	);
	for (const name of names) {
		const method = (target as Record<string, unknown>)[name];
		if (typeof method !== 'function') continue;
		// Bound: an adapter's own fields are private, and a copy has none of them.
		const call = method.bind(target) as (...words: unknown[]) => Promise<unknown>;
		copy[name] = (operations as readonly string[]).includes(name) ? timed(name, call) : call;
	}
	return copy as T;
}
