import { describe, expect, it } from 'vitest';
import { recall, remember } from './remembered.ts';

const MORNING = new Date(2026, 10, 23, 9);
const EVENING = new Date(2026, 10, 23, 21);
const TOMORROW = new Date(2026, 10, 24, 0, 1);

function memory(initial: Record<string, string> = {}) {
	const held = new Map(Object.entries(initial));
	return {
		getItem: (key: string) => held.get(key) ?? null,
		setItem: (key: string, value: string) => void held.set(key, value)
	};
}

describe('what the dialog remembers', () => {
	it('brings reason and ticket back the same day, for this client only', () => {
		const store = memory();
		remember(store, 'a', { reason: 'billing', ticket: '812' }, MORNING);
		expect(recall(store, 'a', EVENING)).toEqual({ reason: 'billing', ticket: '812' });
		expect(recall(store, 'b', EVENING)).toEqual({ reason: '', ticket: '' });
	});
	it('forgets at midnight', () => {
		const store = memory();
		remember(store, 'a', { reason: 'billing', ticket: '812' }, EVENING);
		expect(recall(store, 'a', TOMORROW)).toEqual({ reason: '', ticket: '' });
	});
	it.each(['{', 'null', '7', '{"day":"2026-11-23","reason":"toString"}', '{"day":"2026-11-23"}'])(
		'takes %s for nothing',
		(text) => {
			expect(recall(memory({ 'impersonate:a': text }), 'a', MORNING)).toEqual({ reason: '', ticket: '' });
		}
	);
	it('does without a storage that refuses', () => {
		const refuse = () => {
			throw new Error('denied');
		};
		const store = { getItem: refuse, setItem: refuse };
		expect(recall(store, 'a', MORNING)).toEqual({ reason: '', ticket: '' });
		expect(() => remember(store, 'a', { reason: 'other', ticket: '' }, MORNING)).not.toThrow();
	});
});
