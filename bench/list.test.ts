import { describe, expect, it } from 'vitest';
import { figuresOf } from './list.ts';

describe('what is told of the lists', () => {
	it('is the slowest, and the one that grew most of those slow enough to tell', () => {
		const full = { slow: 90, growing: 40, quick: 9, even: 12 };
		const tenth = { slow: 60, growing: 4, quick: 0.1, even: 12 };
		expect(figuresOf(full, tenth)).toEqual([
			expect.objectContaining({ figure: 'list-p95', ours: 90, baseline: 60, ratio: 1.5 }),
			expect.objectContaining({ figure: 'list-growth', ours: 40, baseline: 4, ratio: 10 })
		]);
		const [slowest, growth] = figuresOf(full, tenth);
		expect(slowest?.baselineName).toContain('the slowest of 4: slow');
		expect(growth?.baselineName).toContain('grew most of 3 slower than 10 ms: growing');
	});

	it('is the slowest alone where all are too fast for their growth to mean anything', () => {
		expect(figuresOf({ quick: 9 }, { quick: 1 }).map(({ figure }) => figure)).toEqual(['list-p95']);
	});
});
