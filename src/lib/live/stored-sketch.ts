// The wireframe of a recording as a list got it, unpacked for drawing. Not in sketch-paths.ts: recorded pages have that one, too.
import type { Sketch } from '#protocol/help.ts';

/** Base64 of a byte for each number: a list of 25 is 20 KB at most, as numbers it would be more than three times that. */
export function unpackSketch({
	width,
	height,
	boxes
}: {
	width: number;
	height: number;
	boxes: string;
}): Sketch {
	return { width, height, boxes: Array.from(atob(boxes), (byte) => byte.charCodeAt(0)), at: null };
}
