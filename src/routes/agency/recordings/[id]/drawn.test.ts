import { describe, expect, it } from 'vitest';
import { drawnChapters, drawnMarks, drawnMasks } from './drawn.ts';

const LENGTH = 8 * 3_600_000;

describe('marks on a timeline', () => {
	it('are all drawn where there are few', () => {
		const marks = [0, 60_000, 120_000].map((at) => ({ kind: 'action', at }));
		expect(drawnMarks(marks, LENGTH)).toEqual(marks);
	});
	it('are no more than places, of each kind, however many there are', () => {
		const marks = Array.from({ length: 20_000 }, (_, n) => ({
			kind: n % 2 ? 'view' : 'fault',
			at: (n * LENGTH) / 20_000
		}));
		const drawn = drawnMarks(marks, LENGTH);
		expect(drawn.length).toBeLessThanOrEqual(2 * 480);
		expect(drawn.length).toBeGreaterThan(900);
		expect(drawn.at(-1)!.at).toBeGreaterThan(0.99 * LENGTH);
	});
	it('of another kind at the same moment are drawn, too', () => {
		const both = ['action', 'refusal'].map((kind) => ({ kind, at: 5 }));
		expect(drawnMarks(both, 1)).toEqual(both);
	});
});

describe('pages on a timeline', () => {
	const chapter = (from: number, to: number) => ({ title: `${from}`, from, to });
	it('cover it without a hole, the short ones as part of the one before', () => {
		const chapters = Array.from({ length: 5_000 }, (_, n) =>
			chapter((n * LENGTH) / 5_000, ((n + 1) * LENGTH) / 5_000)
		);
		const drawn = drawnChapters(chapters as never, LENGTH);
		expect(drawn.length).toBeLessThanOrEqual(240);
		expect(drawn.slice(1).every(({ from }, index) => from === drawn[index]!.to)).toBe(true);
		expect(drawn.at(-1)!.to).toBe(LENGTH);
		expect(chapters[0]!.to).toBe(LENGTH / 5_000);
	});
});

describe('masked stretches on a timeline', () => {
	const stretches = [
		{ kind: 'personal', from: 0, to: LENGTH / 2 },
		{ kind: 'personal', from: LENGTH - 100, to: LENGTH },
		{ kind: 'withheld', from: 1_000, to: 1_001 }
	] as const;
	it('are long enough to be seen, and end with the recording', () => {
		const drawn = drawnMasks(stretches, { lengthMs: LENGTH, isUnmasked: false });
		expect(drawn.map(({ look }) => look)).toEqual(['personal', 'personal', 'withheld']);
		expect(drawn[0]).toMatchObject({ from: 0, to: LENGTH / 2 });
		expect(drawn[1]).toMatchObject({ from: LENGTH - LENGTH / 480, to: LENGTH });
		expect(drawn[2]).toMatchObject({ from: 1_000, to: 1_000 + LENGTH / 480 });
	});
	it('say of personal data that it shows once it is unmasked, and of nothing else', () => {
		const drawn = drawnMasks(stretches, { lengthMs: LENGTH, isUnmasked: true });
		expect(drawn.map(({ look }) => look)).toEqual(['unmasked', 'unmasked', 'withheld']);
	});
});
