import { describe, expect, it } from 'vitest';
import { faultOf, typed } from './form-fault.ts';

const answer = { issues: { name: 'Give a name.' }, values: { form: 'profile', name: '' } };

describe('the fault of a form', () => {
	it('is shown by the form that sent it and by no other', () => {
		expect(faultOf(answer, 'profile')).toBe(answer);
		expect(faultOf(answer, 'status')).toBeNull();
	});
	it('is none where the page has no answer or a good one', () => {
		for (const form of [null, undefined, { done: true }]) expect(faultOf(form, 'profile')).toBeNull();
	});
	it('keeps what was typed, also when it was emptied', () => {
		expect(typed(faultOf(answer, 'profile'), 'name', 'Stored')).toBe('');
		expect(typed(null, 'name', 'Stored')).toBe('Stored');
		expect(typed(null, 'name', null)).toBe('');
	});
});
