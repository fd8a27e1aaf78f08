// A part that fails once: at the nth call of one method, before it does anything or after it did everything.
type Fault = { method: string; nth: number; when: 'before' | 'after' };

export class Injected extends Error {}

/** The same object but for that one call. */
export function faulty<T extends object>(target: T, { method, nth, when }: Fault): T {
	let calls = 0;
	return new Proxy(target, {
		get(object, name) {
			const value: unknown = Reflect.get(object, name, object);
			if (typeof value !== 'function') return value;
			if (name !== method) return value.bind(object) as unknown;
			return async (...args: unknown[]): Promise<unknown> => {
				calls += 1;
				const isTurn = calls === nth;
				if (isTurn && when === 'before') throw new Injected(`${method} ${nth} ${when}`);
				const answer: unknown = await (value as (...all: unknown[]) => unknown).apply(object, args);
				if (isTurn) throw new Injected(`${method} ${nth} ${when}`);
				return answer;
			};
		}
	});
}
