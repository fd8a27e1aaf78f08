import { expect, it } from 'vitest';
import { isMilder, MASKINGS, STRICTEST_MASKING } from './masking.ts';

it('knows which profile shows more than another', () => {
	expect(isMilder('personal', 'inputs')).toBe(true);
	expect(isMilder('inputs', 'inputs')).toBe(false);
	expect(isMilder('text', 'personal')).toBe(false);
	expect(MASKINGS.filter((profile) => isMilder(STRICTEST_MASKING, profile))).toEqual([]);
});
