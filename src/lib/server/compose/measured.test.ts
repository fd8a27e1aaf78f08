import { expect, it } from 'vitest';
import { measured, type PortCall } from './measured.ts';

class Store {
	readonly #kept = new Map([['a', 1]]);
	get(key: string): number | undefined {
		return this.#kept.get(key);
	}
	async put(key: string): Promise<string> {
		if (this.#kept.has(key)) throw new Error('taken');
		this.#kept.set(key, 2);
		return 'kept';
	}
}

it('times the named operations, failed ones too, and leaves the object as it was', async () => {
	const calls: PortCall[] = [];
	const store = measured(new Store(), 'store', ['put'], (call) => calls.push(call));
	expect(store.get('a')).toBe(1);
	expect(await store.put('b')).toBe('kept');
	expect(store.get('b')).toBe(2);
	await expect(store.put('a')).rejects.toThrow('taken');
	expect(calls.map(({ port, operation, isDone }) => [port, operation, isDone])).toEqual([
		['store', 'put', true],
		['store', 'put', false]
	]);
	expect(calls.every(({ seconds }) => seconds >= 0 && seconds < 1)).toBe(true);
});
