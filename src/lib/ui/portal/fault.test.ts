import { describe, expect, it } from 'vitest';
import { shownFields } from '../files/shown-fields.ts';
import { generalOf, type Fault } from './fault.ts';

const about = (field: string, form?: string): Fault => ({
	issues: { [field]: 'It did not work.' },
	values: form === undefined ? {} : { form }
});

describe('the sentence above a form', () => {
	it('is what belongs to no field, and leaves a field its own', () => {
		expect(generalOf(about(''))).toBe('It did not work.');
		expect(generalOf(about('name'))).toBeUndefined();
		expect(generalOf(null, [])).toBeUndefined();
	});
	it('is also that of a field which is not on the page', () => {
		expect(generalOf(about('planId'), ['reason'])).toBe('It did not work.');
		expect(generalOf(about('reason'), ['reason'])).toBeUndefined();
		expect(generalOf(about('', 'decline'), ['reason'])).toBe('It did not work.');
	});
	it('tells that a file finds no space where it is restored, and not twice where it is uploaded', () => {
		for (const restored of [about('file', 'restore'), about('file'), about('file', 'toString')])
			expect(generalOf(restored, shownFields(restored))).toBe('It did not work.');
		const uploaded = about('file', 'upload');
		expect(generalOf(uploaded, shownFields(uploaded))).toBeUndefined();
	});
});
