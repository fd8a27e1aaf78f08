import { describe, expect, test } from 'vitest';
import { formatBytes } from './bytes.ts';

describe('formatBytes', () => {
	test.each([
		[0, '0 B'],
		[999, '999 B'],
		[1000, '1 KB'],
		[1240, '1.2 KB'],
		[34_400_000, '34 MB'],
		[999_600, '1 MB'],
		[5e15, '5000 TB']
	])('shows %i bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

	test('shows a broken size as nothing', () => {
		expect(formatBytes(-1)).toBe('0 B');
		expect(formatBytes(Number.NaN)).toBe('0 B');
	});
});
