import { expect, it } from 'vitest';
import { changeRows, draftOf, emptyDraft, MAX_ROWS, shownDraft } from './service-draft.ts';

it('gathers rows out of flat fields in their order, holes or not', () => {
	const draft = draftOf({
		name: 'Care',
		currency: ' eur ',
		'packages.2.name': 'Second',
		'packages.0.name': 'First',
		'packages.0.price': '10',
		'questions.1.label': 'Where?',
		'faq.x.question': 'not a number'
	});
	expect(draft.packages.map((row) => row.name)).toEqual(['First', 'Second']);
	expect(draft.packages[0]).toMatchObject({ price: '10', billing: '' });
	expect(draft.currency).toBe('EUR');
	expect(draft.questions).toHaveLength(1);
	expect(draft.faq).toEqual([]);
});

it('never gathers more rows than a list may have', () => {
	const fields = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`faq.${n}.question`, 'q']));
	expect(draftOf(fields).faq).toHaveLength(MAX_ROWS.faq);
});

it('adds, removes and moves rows, and leaves the rest as it was typed', () => {
	const draft = emptyDraft('EUR');
	const two = changeRows(changeRows(draft, 'add:faq'), 'add:faq');
	two.faq[0]!.question = 'A';
	two.faq[1]!.question = 'B';
	expect(changeRows(two, 'up:faq:1').faq.map((row) => row.question)).toEqual(['B', 'A']);
	expect(changeRows(two, 'remove:faq:0').faq.map((row) => row.question)).toEqual(['B']);
	for (const senseless of ['up:faq:0', 'remove:faq:9', 'remove:faq', 'drop:faq:0', 'add:__proto__', ''])
		expect(changeRows(two, senseless)).toEqual(two);
});

it('shows a half-typed service as the client would see it', () => {
	const draft = emptyDraft('EUR');
	Object.assign(draft.packages[0]!, { price: '12.5', features: ' One \n\nTwo', billing: 'month' });
	const shown = shownDraft({ ...draft, name: '' });
	expect(shown.name).toBe('Untitled service');
	expect(shown.packages[0]).toMatchObject({
		price: { minor: 1250, currency: 'EUR' },
		features: ['One', 'Two'],
		billing: 'month'
	});
	expect(shownDraft({ ...draft, currency: '' }).packages[0]?.price).toBeNull();
});
