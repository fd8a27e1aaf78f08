import { expect, it } from 'vitest';
import { RateBucket } from './rate-bucket.ts';

it('lets a burst through, then only what has refilled, and never saves up more than the burst', () => {
	const bucket = new RateBucket(3, 10);
	expect([1, 2, 3, 4].map(() => bucket.take(1_000))).toEqual([true, true, true, false]);
	expect(bucket.take(1_099)).toBe(false);
	expect(bucket.take(1_100)).toBe(true);
	expect([1, 2, 3, 4].map(() => bucket.take(100_000))).toEqual([true, true, true, false]);
});

it('takes nothing for a cost it cannot pay, and is not fooled by a clock that runs back', () => {
	const bucket = new RateBucket(10, 1);
	expect(bucket.take(0, 11)).toBe(false);
	expect(bucket.take(0, 10)).toBe(true);
	expect(bucket.take(-50_000, 1)).toBe(false);
	expect(bucket.isFull(0)).toBe(false);
	expect(bucket.isFull(10_000)).toBe(true);
});
