import { expect, it } from 'vitest';
import { isWriting, steerKey } from './steer-key.ts';

const press = (key: string, over: object = {}) =>
	steerKey({
		key,
		shiftKey: false,
		ctrlKey: false,
		metaKey: false,
		altKey: false,
		isComposing: false,
		...over
	});

it('knows what does something where it is pressed', () => {
	expect(press('Enter')).toBe('Enter');
	expect(press('Tab')).toBe('Tab');
	expect(press('Tab', { shiftKey: true })).toBe('ShiftTab');
	expect(press('ArrowUp')).toBe('ArrowUp');
});

it.each([
	['a letter', press('a')],
	['a key of the browser', press('Tab', { ctrlKey: true })],
	['a key that composes a letter', press('Enter', { isComposing: true })],
	['what is named like ours and is no key', press('ShiftTab', { altKey: true })]
])('leaves alone %s', (_, key) => {
	expect(key).toBeNull();
});

it('leaves the keys where somebody writes, and takes them from buttons and from nothing', () => {
	const at = (name: string) => ({
		closest: (selector: string) => (selector.split(', ').includes(name) ? {} : null)
	});
	const fields = ['input', 'textarea', 'select', '[contenteditable]', 'dialog'];
	expect(fields.filter((name) => !isWriting(at(name) as never))).toEqual([]);
	expect([isWriting(at('button') as never), isWriting(null)]).toEqual([false, false]);
});
