import { expect, it } from 'vitest';
import { accessSentence, pageName } from './access-sentence.ts';

const quiet = {
	staff: 'Maya',
	ended: true,
	pages: 3,
	changes: 0,
	downloads: 0,
	reason: 'support',
	ticket: '812'
} as const;

it.each([
	[quiet, 'Maya looked at 3 pages and changed nothing, because of ticket 812.'],
	[
		{ ...quiet, pages: 1, changes: 2, ticket: null, reason: 'onboarding' as const },
		'Maya looked at 1 page and made 2 changes, for onboarding.'
	],
	[
		{ ...quiet, downloads: 1, changes: 1, ticket: null, reason: 'verify' as const },
		'Maya looked at 3 pages, downloaded 1 file and made 1 change, to verify the set-up.'
	],
	[
		{ ...quiet, prepared: 1 },
		'Maya looked at 3 pages and changed nothing, prepared 1 action for your approval, because of ticket 812.'
	],
	[
		{ ...quiet, steerers: ['Sofia', 'Mira'] },
		'Maya looked at 3 pages and changed nothing, because of ticket 812. Sofia and Mira had control of the page for a part of it.'
	],
	[{ ...quiet, pages: 0 }, 'Maya looked at no page and changed nothing, because of ticket 812.'],
	[
		{ ...quiet, ended: false },
		'Maya is in your portal now, because of ticket 812: looked at 3 pages and changed nothing so far.'
	]
])('tells an impersonation in one sentence: %#', (summary, sentence) =>
	expect(accessSentence(summary)).toBe(sentence)
);

it('names a page as this client calls it, and shows an unknown address as it is', () => {
	const labels = { home: 'Home', tasks: 'Requests' };
	expect(pageName('/', labels)).toBe('Home');
	expect(pageName('/?a=1', labels)).toBe('Home');
	expect(pageName('/tasks?q=cake', labels)).toBe('Requests');
	expect(pageName('/tasks/123', labels)).toBe('Requests');
	expect(pageName('/constructor', labels)).toBe('/constructor');
});
