// From a recorded element and a share of its box to the element under that spot, or why there is none to be touched.
import type { ControlAnswer } from '#protocol/control.ts';
import { outOfBounds } from './out-of-bounds.ts';

export type Spot = { node: number; x: number; y: number };

export type Target = { element: Element; x: number; y: number };

/** What of the page this needs. */
export type ControlledPage = {
	nodeOf(id: number): Node | null;
	isStale(element: Element, seq: number): boolean;
};

const INTERACTIVE = 'button,a,input,select,textarea,label,summary,[role="button"],[role="menuitem"]';

/** The recorded element, while it is in the document. */
export function elementOf(page: ControlledPage, node: number): Element | null {
	const found = page.nodeOf(node);
	if (!found?.isConnected) return null;
	return found instanceof Element ? found : found.parentElement;
}

/** Attack: a click where another thing lies by now, over what the holder saw. */
function isCovered(element: Element, hit: Element): boolean {
	if (hit === element) return false;
	return !element.contains(hit) || hit.closest(INTERACTIVE) !== element.closest(INTERACTIVE);
}

export function findTarget(page: ControlledPage, spot: Spot, seq: number): Target | ControlAnswer {
	const element = elementOf(page, spot.node);
	if (!element) return 'gone';
	const why = outOfBounds(element);
	if (why) return why;
	if (page.isStale(element, seq)) return 'stale';
	const box = element.getBoundingClientRect();
	if (box.width === 0 || box.height === 0) return 'gone';
	// The last pixel belongs to the neighbour.
	const [x, y] = [inside(box.left, box.width, spot.x), inside(box.top, box.height, spot.y)];
	const hit = document.elementFromPoint(x, y);
	if (!hit) return 'gone';
	const beneath = outOfBounds(hit);
	if (beneath) return beneath;
	return isCovered(element, hit) ? 'covered' : { element: hit, x, y };
}

const inside = (from: number, size: number, share: number): number =>
	from + Math.min(Math.max(share * size, 0.5), Math.max(size - 0.5, 0.5));
