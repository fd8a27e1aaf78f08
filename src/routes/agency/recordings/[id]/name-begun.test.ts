import { describe, expect, it } from 'vitest';
import { nameBegun, withName } from './name-begun.ts';

const people = ['Olivia Hart', 'Sofia Okafor', 'Maya Lindgren'].map((name) => ({ id: name, name }));
const shown = (text: string) => nameBegun(text, text.length, people).map(({ name }) => name);

describe('a name that is begun with an @', () => {
	it.each([
		['@', ['Olivia Hart', 'Sofia Okafor', 'Maya Lindgren']],
		['@so', ['Sofia Okafor']],
		['see @oka', ['Sofia Okafor']],
		['see @Sofia Ok', ['Sofia Okafor']],
		['@Sofia Okafor', []],
		['@Sofia Okafor said', []],
		['me@so', []],
		['nobody', []],
		['(@ma', ['Maya Lindgren']]
	])('in “%s” may mean %o', (text, names) => expect(shown(text)).toEqual(names));

	it('is written out, with what stands behind it', () => {
		expect(withName('Ask @so about it', 7, 'Sofia Okafor')).toEqual({
			text: 'Ask @Sofia Okafor about it',
			caret: 18
		});
	});
});
