import { describe, expect, it } from 'vitest';
import { createTextMemory } from './prepared-client.ts';

describe('createTextMemory', () => {
	it('tells a text that comes again from one that came once', () => {
		const comesAgain = createTextMemory();
		expect([comesAgain('a'), comesAgain('b'), comesAgain('a'), comesAgain('a')]).toEqual([
			false,
			false,
			true,
			true
		]);
	});

	it('forgets what was not used for longest, so that lists of ever changing length cannot fill the server', () => {
		const comesAgain = createTextMemory(2);
		for (const text of ['kept', 'old', 'kept', 'new']) comesAgain(text);
		expect(comesAgain('kept')).toBe(true);
		expect(comesAgain('old')).toBe(false);
	});

	it('never prepares a bulk insert', () => {
		const comesAgain = createTextMemory();
		const text = 'x'.repeat(30_000);
		expect([comesAgain(text), comesAgain(text)]).toEqual([false, false]);
	});
});
