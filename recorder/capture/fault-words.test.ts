import { describe, expect, it } from 'vitest';
import { maskedWords, nameOf, placeIn, withoutWords, wordsOf } from './fault-words.ts';
import { HIDDEN } from './scrub.ts';

const masked = (text: string, hidden: string[] = []): string =>
	maskedWords(text, { hidden: () => hidden, textOf: (clean) => clean });

describe('an error in words', () => {
	it('says what was said, and of objects only that they are there', () => {
		const card = { number: '4111111111111111' };
		expect(wordsOf(['Saving failed', new TypeError('x is undefined'), card, [1], () => 1, 7, null])).toBe(
			'Saving failed TypeError: x is undefined [object] [list] [function] 7 null'
		);
	});
	it('does not fail on what does not let itself be looked at', () => {
		const evil = new Error('x');
		Object.defineProperty(evil, 'message', {
			get: () => {
				throw new Error('not to be looked at');
			}
		});
		expect(wordsOf([evil])).toBe('');
		expect(wordsOf([Object.create(null), Symbol('s')])).toBe('[object] Symbol(s)');
	});
	it('is only its name where what people type is masked', () => {
		expect(nameOf(['bea@x.test is wrong', new RangeError('bea@x.test')])).toBe('RangeError');
		const odd = new Error('x');
		odd.name = 'bea@x.test';
		expect(nameOf([odd])).toBe('');
		expect(nameOf(['words'])).toBe('');
	});
	it('happened at the first place of its stack', () => {
		expect(
			placeIn('Error: x\n    at save (https://a.test/app.js:10:5)\n    at https://a.test/b.js:1:1')
		).toBe('https://a.test/app.js:10:5');
		expect(placeIn({})).toBe('');
	});
});

describe('what leaves of an error', () => {
	it('holds nothing that the page masks at that moment, however it is written', () => {
		expect(withoutWords('no such name: BEA MORGAN, Morgan?', ['Bea Morgan', ''])).toBe(
			`no such name: ${HIDDEN}, ${HIDDEN}?`
		);
		expect(withoutWords('a.c is not abc', ['a.c'])).toBe(`${HIDDEN} is not abc`);
		expect(masked('PIN 4821 is wrong', ['4821'])).toBe(`PIN ${HIDDEN} is wrong`);
	});
	it('holds no credential, whole or cut', () => {
		expect(masked('Failed: password: hunter2, see: api_key=abc')).toBe(
			`Failed: password: ${HIDDEN}, see: api_key=${HIDDEN}`
		);
		expect(masked('token: abcDEF123 and password="x y"')).not.toMatch(/abcDEF|x y/);
		const key = `sk_live_${'a1'.repeat(2_500)}`;
		expect(masked(`${'x '.repeat(1_500)}${key}`)).not.toContain('a1a1');
		expect(masked('x'.repeat(5_000)).length).toBeLessThanOrEqual(300);
	});
});
