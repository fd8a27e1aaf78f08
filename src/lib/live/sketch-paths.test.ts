import { expect, it } from 'vitest';
import { sketchMessage } from '#protocol/help.ts';
import { MAX_SKETCH_BOXES } from '#protocol/limits.ts';
import { sketchPaths } from './sketch-paths.ts';
import { SketchMaker } from './sketch-page.ts';

const view = { width: 1000, height: 500 };

it('draws each kind as one path and leaves out what it does not know', () => {
	const paths = sketchPaths([1, 10, 20, 30, 4, 1, 0, 0, 5, 5, 3, 1, 2, 3, 4, 99, 1, 1, 1, 1, 2, 7]);
	expect(paths.heading).toBe('M10 20h30v4h-30zM0 0h5v5h-5z');
	expect(paths.field).toBe('M1 2h3v4h-3z');
	expect(paths.text).toBe('');
});

it('sends boxes once, then the pointer alone, and nothing while nothing changes', () => {
	const maker = new SketchMaker();
	const boxes = [1, 0, 0, 9, 9];
	expect(maker.make(boxes, view, null)).toEqual({ ...view, boxes, at: null });
	expect(maker.make(boxes, view, null)).toBeNull();
	expect(maker.make(boxes, view, { x: 500, y: 250 })).toEqual({ ...view, at: [127, 127] });
	expect(maker.make([...boxes, 2, 0, 0, 1, 1], view, { x: 500, y: 250 })).toHaveProperty('boxes');
	maker.forget();
	expect(maker.make([...boxes, 2, 0, 0, 1, 1], view, { x: 500, y: 250 })).toHaveProperty('boxes');
});

it('is told by the wire what fits: about 2 KB at most', () => {
	const box = [2, 255, 255, 255, 255];
	const fill = (count: number) => Array.from({ length: count }, () => box).flat();
	const largest = { ...view, at: null, boxes: fill(MAX_SKETCH_BOXES) };
	expect(sketchMessage.safeParse(largest).success).toBe(true);
	expect(JSON.stringify(largest).length).toBeLessThan(2_300);
	expect(sketchMessage.safeParse({ ...largest, boxes: fill(MAX_SKETCH_BOXES + 1) }).success).toBe(false);
	expect(sketchMessage.safeParse({ ...largest, boxes: [1, 2] }).success).toBe(false);
	expect(sketchMessage.safeParse({ ...largest, boxes: [2, 0, 0, 256, 0] }).success).toBe(false);
});
