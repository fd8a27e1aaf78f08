import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it('counts to ninety-nine, and says nothing of nothing', () => {
	expect([0, undefined, 1, 99, 100].map(counted)).toEqual([undefined, undefined, '1', '99', '99+']);
});
