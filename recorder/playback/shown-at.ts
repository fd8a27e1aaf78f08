// What helpers showed, as it is at one moment of a replay: where each pointer is, how much of each stroke is drawn, what has faded.
// Pure, so that a seek shows what playing there does.
import { POINTER_GONE_MS, STROKE_SHOWN_MS } from '#protocol/limits.ts';
import type { Place, ShownStretch } from '#protocol/help.ts';
import { FADE_MS } from './help-looks.ts';

type By = ShownStretch['by'];
type ShownPointer = { by: By; place: Place; opacity: number };
type ShownStroke = {
	key: string;
	by: By;
	node: number;
	points: readonly [number, number][];
	opacity: number;
};
export type Shown = { pointers: ShownPointer[]; strokes: ShownStroke[] };

/** Nothing of a stretch is seen for longer after its end. */
const GONE_MS = Math.max(POINTER_GONE_MS, STROKE_SHOWN_MS);

const opacityOf = (leftMs: number): number => Math.max(0, Math.min(1, leftMs / FADE_MS));

/** Where the pointer is so long after the beginning: on its way between two places of the same element, else at the last one. */
function placeAt({ places, ms }: ShownStretch, passed: number): Place | null {
	const timed = places.map((place, index) => ({
		...place,
		ms: place.ms ?? (ms * index) / Math.max(1, places.length - 1)
	}));
	const index = timed.findLastIndex((place) => place.ms <= passed);
	const [last, next] = [timed[index], timed[index + 1]];
	if (!last) return null;
	const { node, x, y } = last;
	if (next?.node !== node || next.ms <= last.ms) return { node, x, y };
	const share = (passed - last.ms) / (next.ms - last.ms);
	return { node, x: x + (next.x - x) * share, y: y + (next.y - y) * share };
}

function strokesAt(stretch: ShownStretch, index: number, passed: number): ShownStroke[] {
	const { strokes, ms, by } = stretch;
	return strokes.flatMap(({ node, points, from, to }, at) => {
		const begins = from ?? (ms * at) / strokes.length;
		const ends = Math.max(begins, to ?? (ms * (at + 1)) / strokes.length);
		const opacity = opacityOf(ends + STROKE_SHOWN_MS - passed);
		if (passed < begins || opacity === 0) return [];
		const share = ends === begins ? 1 : Math.min(1, (passed - begins) / (ends - begins));
		const drawn = points.slice(0, Math.max(1, Math.round(points.length * share)));
		return [{ key: `${index}:${at}`, by, node, points: drawn, opacity }];
	});
}

/** `at`: hub time. */
export function shownAt(stretches: readonly ShownStretch[], pageId: string | null, at: number): Shown {
	const pointers = new Map<string, ShownPointer>();
	const strokes: ShownStroke[] = [];
	for (const [index, stretch] of stretches.entries()) {
		const passed = at - stretch.at;
		// Attack: hours of drawings, gone through point by point in each frame. What is over costs one comparison.
		if (stretch.pageId !== pageId || passed < 0 || passed >= stretch.ms + GONE_MS) continue;
		strokes.push(...strokesAt(stretch, index, passed));
		const opacity = opacityOf(stretch.ms + POINTER_GONE_MS - passed);
		const place = opacity > 0 ? placeAt(stretch, passed) : null;
		// The later stretch says where that person's pointer is now.
		if (place) pointers.set(stretch.by.staffId, { by: stretch.by, place, opacity });
	}
	return { pointers: [...pointers.values()], strokes };
}
