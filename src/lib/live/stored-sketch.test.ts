import { expect, it } from 'vitest';
import { sketchPaths } from './sketch-paths.ts';
import { unpackSketch } from './stored-sketch.ts';

const packed = (numbers: number[]): string => Buffer.from(numbers).toString('base64');

it('is drawn as it was measured', () => {
	const boxes = [1, 0, 20, 255, 9, 4, 128, 200, 40, 12];
	const sketch = unpackSketch({ width: 1280, height: 800, boxes: packed(boxes) });
	expect(sketch).toEqual({ width: 1280, height: 800, boxes, at: null });
});

it('can only ever be rectangles, whatever the bytes are', () => {
	const bytes = Array.from({ length: 600 }, (_, n) => (n * 73) % 256);
	const { boxes } = unpackSketch({ width: 1, height: 1, boxes: packed(bytes) });
	const paths = Object.values(sketchPaths(boxes));
	for (const path of paths) expect(path).toMatch(/^(?:M\d+ \d+h\d+v\d+h-?\d+z)*$/);
});
