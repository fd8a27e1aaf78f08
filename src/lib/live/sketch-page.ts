// A page in boxes, as the wall shows it: where its parts are, and not a word of what they say. Measured in the page itself, since
// only there is a layout. Kinds are what a tile draws: its numbers are in sketch-paths.ts.
import { MAX_SKETCH_BOXES, NUMBERS_PER_BOX, SKETCH_STEPS } from '#protocol/limits.ts';
import type { SketchMessage } from '#protocol/help.ts';
import { SKETCH_KIND } from './sketch-paths.ts';

/** Looked at before the rest of a very long page is left out. */
const MAX_LOOKED_AT = 1_500;

const PARTS =
	'nav,aside,h1,h2,h3,p,li,dt,dd,td,th,label,a,span,strong,div,button,summary,input,select,textarea,img,video,canvas,dialog';
/** The banner and what else is not recorded is not drawn either. */
const LEFT_OUT = '[data-recorder-block],[data-secret]';

const FIELDS = /^(?:INPUT|SELECT|TEXTAREA)$/;
const PICTURES = /^(?:IMG|VIDEO|CANVAS)$/;

function kindOf(element: Element): number {
	const { tagName } = element;
	if (tagName === 'NAV' || tagName === 'ASIDE' || tagName === 'DIALOG') return SKETCH_KIND.surface;
	if (/^H[1-3]$/.test(tagName)) return SKETCH_KIND.heading;
	if (FIELDS.test(tagName)) return SKETCH_KIND.field;
	if (tagName === 'BUTTON') return SKETCH_KIND.button;
	return PICTURES.test(tagName) ? SKETCH_KIND.picture : SKETCH_KIND.text;
}

const hasOwnWords = (element: Element): boolean =>
	[...element.childNodes].some((child) => child.nodeType === 3 && child.nodeValue?.trim());

type Box = { left: number; top: number; width: number; height: number };

/** Words end where their line ends, not where their cell does. */
function boxOf(element: Element, kind: number): Box {
	if (kind !== SKETCH_KIND.text && kind !== SKETCH_KIND.heading) return element.getBoundingClientRect();
	const range = element.ownerDocument.createRange();
	range.selectNodeContents(element);
	return range.getBoundingClientRect();
}

type View = { width: number; height: number };

/** In steps of the view, cut to it; null for what is not in it. */
function inSteps({ left, top, width, height }: Box, view: View): number[] | null {
	const step = (value: number, side: number): number =>
		Math.round((Math.min(Math.max(value, 0), side) / side) * SKETCH_STEPS);
	const [x, y] = [step(left, view.width), step(top, view.height)];
	const [w, h] = [step(left + width, view.width) - x, step(top + height, view.height) - y];
	return w > 0 && h > 0 ? [x, y, w, h] : null;
}

/** Its boxes, the ones that come first in the page first. */
export function measureBoxes(document: Document, view: View): number[] {
	const dialog = document.querySelector('dialog:modal:not([data-recorder-block] *)');
	const boxes: number[] = [];
	const found = (dialog ?? document).querySelectorAll(PARTS);
	const parts = dialog ? [dialog, ...found] : [...found];
	for (const element of parts.slice(0, MAX_LOOKED_AT)) {
		if (boxes.length >= MAX_SKETCH_BOXES * NUMBERS_PER_BOX) break;
		const kind = kindOf(element);
		if (kind === SKETCH_KIND.text && !hasOwnWords(element)) continue;
		const box = inSteps(boxOf(element, kind), view);
		if (!box || element.closest(LEFT_OUT)) continue;
		boxes.push(kind, ...box);
	}
	return boxes;
}

/** What is sent of a page: boxes only where they are others than before. */
export class SketchMaker {
	private before = '';

	/** The next one says everything again. */
	forget(): void {
		this.before = '';
	}

	/** Null when nothing changed. */
	make(boxes: number[], view: View, pointer: { x: number; y: number } | null): SketchMessage | null {
		const spot = pointer && inSteps({ left: pointer.x - 1, top: pointer.y - 1, width: 2, height: 2 }, view);
		const at: [number, number] | null = spot ? [spot[0] ?? 0, spot[1] ?? 0] : null;
		const [shape, whole] = [JSON.stringify([view, boxes]), JSON.stringify([view, boxes, at])];
		if (whole === this.before) return null;
		const isSameShape = this.before.startsWith(shape.slice(0, -1));
		this.before = whole;
		return { ...view, at, ...(!isSameShape && { boxes }) };
	}
}
