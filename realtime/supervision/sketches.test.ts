import { expect, it } from 'vitest';
import { Sketches } from './sketches.ts';

const view = { width: 100, height: 50 };

it('keeps the boxes of a page where it leaves them out, and knows none before there were any', () => {
	const sketches = new Sketches();
	expect(sketches.note('i', 'p', { ...view, at: [1, 1] })).toBeNull();
	sketches.note('i', 'p', { ...view, boxes: [1, 0, 0, 9, 9], at: null });
	expect(sketches.note('i', 'p', { ...view, at: [2, 2] })).toEqual({
		...view,
		boxes: [1, 0, 0, 9, 9],
		at: [2, 2]
	});
	expect(sketches.of('i', 'q')).toBeNull();
	sketches.forget('i');
	expect(sketches.of('i', 'p')).toBeNull();
});

it('keeps the pages heard of last, however many are opened', () => {
	const sketches = new Sketches();
	const say = (page: string) => sketches.note('i', page, { ...view, boxes: [], at: null });
	for (let n = 0; n < 8; n++) say(`p${n}`);
	say('p0');
	say('p8');
	expect(sketches.of('i', 'p1')).toBeNull();
	expect(sketches.of('i', 'p0')).not.toBeNull();
});
