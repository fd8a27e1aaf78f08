import { expect, it } from 'vitest';
import { heldSentence } from './hold-form.ts';

it.each([
	[{ what: 'hold', done: 1, left: 0, sentence: null }, '1 recording is on hold now.'],
	[{ what: 'release', done: 2, left: 0, sentence: null }, '2 recordings are released.'],
	[
		{ what: 'hold', done: 2, left: 1, sentence: 'Held before.' },
		'2 recordings are on hold now. 1 left as before: Held before.'
	],
	[{ what: 'release', done: 0, left: 3, sentence: 'Not on hold.' }, 'Nothing was changed. Not on hold.']
] as const)('says of %o what happened', (held, sentence) => {
	expect(heldSentence(held)).toBe(sentence);
});
