import { describe, expect, it } from 'vitest';
import { commentParts, mentionedIn } from './review.ts';

const people = ['Maya', 'Maya Lind', 'Al', 'Alma', 'Sofia Okafor'].map((name) => ({ name }));
const named = (text: string) => mentionedIn(text, people).map(({ name }) => name);

describe('whom a comment names', () => {
	it.each([
		['nobody here', []],
		['@sofia okafor, look', ['Sofia Okafor']],
		['@Maya Lind is named whole', ['Maya Lind']],
		['@Maya Lind and @Maya', ['Maya Lind', 'Maya']],
		['@Alma alone', ['Alma']],
		['mail@al is an address', []],
		['(@Al)', ['Al']],
		['@Sofia Okafors', []]
	])('in %s', (text, names) => expect(named(text)).toEqual(names));

	it('is cut out of the text, and the text is the same put together', () => {
		const text = 'Hi @Maya Lind: see <b>this</b>, @Al';
		const parts = commentParts(text, ['Al', 'Maya', 'Maya Lind']);
		expect(parts.filter(({ isName }) => isName).map((part) => part.text)).toEqual(['@Maya Lind', '@Al']);
		expect(parts.map((part) => part.text).join('')).toBe(text);
	});

	it('is nobody in a text of at signs', () => {
		expect(commentParts('@@@', ['Al'])).toEqual([{ text: '@@@', isName: false }]);
		expect(commentParts('', ['Al'])).toEqual([]);
	});
});
