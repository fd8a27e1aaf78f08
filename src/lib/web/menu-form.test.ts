import { describe, expect, it } from 'vitest';
import { entriesOf } from './menu-form.ts';

const form = {
	order: 'home,tasks,files',
	'label:home': 'Home',
	'icon:home': 'house',
	'shown:home': 'on',
	'label:tasks': 'Requests',
	'icon:tasks': 'inbox',
	'label:files': '',
	'icon:files': 'constructor',
	'shown:files': 'on'
};
const keys = (more: Record<string, string>) => entriesOf({ ...form, ...more }).map((entry) => entry.key);

describe('the form of a menu', () => {
	it('is its entries in order, hidden where the tick is missing', () => {
		expect(entriesOf(form)).toEqual([
			{ key: 'home', label: 'Home', icon: 'house', hidden: false },
			{ key: 'tasks', label: 'Requests', icon: 'inbox', hidden: true },
			{ key: 'files', label: '', icon: '', hidden: false }
		]);
	});

	it('moves an entry by a button, and nothing beyond either end', () => {
		expect(keys({ move: 'tasks:up' })).toEqual(['tasks', 'home', 'files']);
		expect(keys({ move: 'tasks:down' })).toEqual(['home', 'files', 'tasks']);
		expect(keys({ move: 'home:up' })).toEqual(['home', 'tasks', 'files']);
		expect(keys({ move: 'files:down' })).toEqual(['home', 'tasks', 'files']);
		expect(keys({ move: '__proto__:up' })).toEqual(['home', 'tasks', 'files']);
	});

	it('resets one entry, or all of them', () => {
		expect(entriesOf({ ...form, reset: 'tasks' })[1]).toEqual({
			key: 'tasks',
			label: '',
			icon: '',
			hidden: false
		});
		expect(entriesOf({ ...form, reset: 'all' })).toEqual([]);
	});

	it('reads no more entries than a menu can have', () => {
		const order = Array.from({ length: 10_000 }, (_, n) => `k${n}`).join(',');
		const labels = Object.fromEntries(order.split(',').map((key) => [`label:${key}`, 'x']));
		expect(entriesOf({ order, ...labels })).toHaveLength(100);
	});
});
