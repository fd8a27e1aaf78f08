import { expect, test } from 'vitest';
import { avatarColour, initials } from './avatar-colour.ts';

test.each([
	['Maya Okafor', 'MO'],
	['bea', 'B'],
	['Anna Maria van Dijk', 'AD'],
	['  ', '?'],
	['𝒜lef Bet', '𝒜B']
])('initials of "%s" are %s', (name, letters) => expect(initials(name)).toBe(letters));

test('a name keeps its colour and names differ', () => {
	expect(avatarColour('Maya Okafor')).toBe(avatarColour('Maya Okafor'));
	expect(new Set(['Maya', 'Bea', 'Sofia', 'Adam', 'Olivia', 'Sam'].map(avatarColour)).size).toBeGreaterThan(
		2
	);
});
