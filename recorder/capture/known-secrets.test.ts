import { beforeEach, describe, expect, it } from 'vitest';
import { KnownSecrets } from './known-secrets.ts';
import { HIDDEN } from './scrub.ts';

let now = 0;
let known: KnownSecrets;
const type = (owner: object, text: string): void => {
	for (let length = 1; length <= text.length; length++) known.remember(owner, text.slice(0, length));
};

beforeEach(() => {
	now = 1_000;
	known = new KnownSecrets(() => now);
});

describe('what was typed into a secret field', () => {
	it('is found in any text, also when the text goes on', () => {
		type({}, 'correct-horse');
		expect(known.forget('You typed correct-horse, twice correct-horse.')).toBe(
			`You typed ${HIDDEN}, twice ${HIDDEN}.`
		);
		expect(known.isIn('correct-horse-battery')).toBe(true);
	});
	it('is found while it is still being typed, and a mirror is late', () => {
		type({}, 'correct-horse');
		expect(known.forget('correct-ho')).toBe(HIDDEN);
	});
	it('no longer hides the words it began with a while later', () => {
		type({}, 'password-4711');
		now += 2_001;
		expect(known.forget('Your password is safe')).toBe('Your password is safe');
		expect(known.forget('password-4711')).toBe(HIDDEN);
	});
	it('is found as an address writes it, and a card’s number without its gaps', () => {
		known.remember({}, 'a b/c ü 12');
		known.remember({}, '4929 1234 5678 9015');
		expect(known.forget('/x?q=a%20b%2Fc%20%C3%BC%2012')).toBe(`/x?q=${HIDDEN}`);
		expect(known.forget('Pay with 4929123456789015')).toBe(`Pay with ${HIDDEN}`);
	});
	it('hides the longest of several that begin alike', () => {
		known.remember({}, 'secret');
		known.remember({}, 'secret-two');
		expect(known.forget('secret-two secret')).toBe(`${HIDDEN} ${HIDDEN}`);
	});
	it('survives half of a letter, and remembers no masks', () => {
		known.remember({}, 'abcdef\ud800');
		known.remember({}, HIDDEN);
		known.remember({}, '████████');
		expect(known.forget(`${HIDDEN} ████████`)).toBe(`${HIDDEN} ████████`);
	});
	it('is bounded', () => {
		for (let at = 0; at < 2_000; at++) known.remember({}, `${at}-secret-${at}`);
		expect(known.forget('1999-secret-1999')).toBe(HIDDEN);
		expect(known.forget('1-secret-1')).toBe('1-secret-1');
	});
});

it('takes codes out of a secret area’s words, not its labels', () => {
	known.rememberCodes('Backup codes: 8hd7-22kd 9912-kkdl');
	expect(known.forget('Backup codes 8hd7-22kd')).toBe(`Backup codes ${HIDDEN}`);
});
