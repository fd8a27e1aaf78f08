import { expect, it } from 'vitest';
import { initials } from './initials.ts';

it('takes the first letters of the first and the last word, whatever the name', () => {
	expect(initials('Sofia van Dam')).toBe('SD');
	expect(initials('  åsa ')).toBe('Å');
	expect(initials('😀 Bea')).toBe('😀B');
	expect(initials('')).toBe('?');
});
