import { expect, it } from 'vitest';
import { formatSize } from './size.ts';

it.each([
	[0, '0 bytes'],
	[-5, '0 bytes'],
	[999, '999 bytes'],
	[4_200_000, '4.2 MB'],
	[104_857_600, '105 MB'],
	[999_999, '1 MB'],
	[5_368_709_120, '5.4 GB']
])('says %i as %s', (bytes, said) => {
	expect(formatSize(bytes)).toBe(said);
});
