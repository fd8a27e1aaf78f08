import { describe, expect, it } from 'vitest';
import { elementKeys } from '#domain/portal-elements.ts';
import { choicesOf } from './choices-form.ts';

describe('the form of portal elements', () => {
	it('says what is shown, hidden, read-only and inherited', () => {
		expect(
			choicesOf({
				'show:tasks': 'hide',
				'show:files': 'show',
				'show:orders': 'inherit',
				'show:tasks.due_date': 'inherit',
				'edit:tasks.due_date': 'read'
			})
		).toEqual({
			tasks: { hidden: true },
			files: { hidden: false },
			orders: {},
			'tasks.due_date': { readonly: true }
		});
	});

	it('resets one element, or every one, and leaves alone what it does not name', () => {
		expect(choicesOf({ 'show:tasks': 'hide', reset: 'tasks' })).toEqual({ tasks: {} });
		expect(Object.keys(choicesOf({ reset: 'all' }))).toEqual(elementKeys());
		expect(choicesOf({})).toEqual({});
	});

	it('takes neither keys nor choices that do not exist', () => {
		expect(
			choicesOf({ 'show:__proto__': 'hide', 'show:constructor': 'hide', 'show:tasks': 'toString' })
		).toEqual({
			tasks: {}
		});
	});
});
