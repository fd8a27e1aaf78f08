// Wireframes as a tile draws them: one path for each kind of box, so that a hundred tiles are a few hundred elements.
import { NUMBERS_PER_BOX } from '#protocol/limits.ts';

/** Both ends of the wire must mean the same, and rows of recorded pages hold them: changed only by adding. */
export const SKETCH_KIND = { surface: 0, heading: 1, text: 2, field: 3, button: 4, picture: 5 } as const;

export type SketchPaths = Record<keyof typeof SKETCH_KIND, string>;

const NAMES = Object.keys(SKETCH_KIND) as (keyof SketchPaths)[];

/** Path data of each kind, in the steps of the wire. What is of no kind we know is left out. */
export function sketchPaths(boxes: readonly number[]): SketchPaths {
	const paths: SketchPaths = { surface: '', heading: '', text: '', field: '', button: '', picture: '' };
	for (let at = 0; at + NUMBERS_PER_BOX <= boxes.length; at += NUMBERS_PER_BOX) {
		const [kind = -1, x = 0, y = 0, w = 0, h = 0] = boxes.slice(at, at + NUMBERS_PER_BOX);
		const name = NAMES[kind];
		if (name) paths[name] += `M${x} ${y}h${w}v${h}h${-w}z`;
	}
	return paths;
}
