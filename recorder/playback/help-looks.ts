// What a helper's pointer and strokes look like, over the live page, the real one and the replay. No style sheet, no shadow root: the
// page's content policy allows the one nowhere, and the recorder would look into the other.
import type { Helper } from '#protocol/help.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** White text on each is readable, and each stands out on white and on black. */
const COLOURS = ['#c2255c', '#1864ab', '#2b7a3d', '#b4460c', '#6741d9', '#0b6b7d'];
/** The last part of a mark's life, in which it fades. */
export const FADE_MS = 800;
const ARROW = 'M1 1l6.5 18 2.6-7.2L17 9z';
const POINTER_STYLE =
	'position:absolute;left:0;top:0;display:flex;align-items:flex-start;pointer-events:none';
const LABEL_STYLE =
	'margin:14px 0 0 2px;padding:2px 7px;border-radius:9px;color:#fff;font:600 12px/16px system-ui,sans-serif;white-space:nowrap;max-width:180px;overflow:hidden;text-overflow:ellipsis';
const LINES_STYLE =
	'position:absolute;left:0;top:0;width:100%;height:100%;overflow:visible;pointer-events:none';

/** The same person has the same colour on every screen. */
function helperColour(staffId: string): string {
	let sum = 0;
	for (const sign of staffId) sum = (sum * 31 + sign.charCodeAt(0)) % 1_000_003;
	return COLOURS[sum % COLOURS.length] ?? '#1864ab';
}

function drawn<K extends keyof SVGElementTagNameMap>(
	owner: Document,
	name: K,
	looks: Record<string, string>
): SVGElementTagNameMap[K] {
	const element = owner.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(looks)) element.setAttribute(key, value);
	return element;
}

/** What lines are drawn in, as large as its parent. */
export function linesLayer(owner: Document): SVGSVGElement {
	const lines = drawn(owner, 'svg', {});
	lines.style.cssText = LINES_STYLE;
	return lines;
}

/** A helper's arrow with their name. */
export function pointerBox(owner: Document, { staffId, name }: Helper): HTMLElement {
	const colour = helperColour(staffId);
	const box = owner.createElement('div');
	box.style.cssText = POINTER_STYLE;
	const arrow = drawn(owner, 'svg', { width: '20', height: '22' });
	arrow.append(drawn(owner, 'path', { d: ARROW, fill: colour, stroke: '#fff', 'stroke-width': '1.5' }));
	const label = owner.createElement('span');
	label.style.cssText = LABEL_STYLE;
	label.style.background = colour;
	// Text only, never markup: a name is whatever somebody typed.
	label.textContent = name;
	box.append(arrow, label);
	return box;
}

export const strokeLine = (owner: Document, { staffId }: Pick<Helper, 'staffId'>): SVGPolylineElement =>
	drawn(owner, 'polyline', {
		fill: 'none',
		stroke: helperColour(staffId),
		'stroke-width': '4',
		'stroke-linecap': 'round',
		'stroke-linejoin': 'round'
	});

/** Both hang on an element's box, and are not seen while it is not there. */
export function placePointer(
	box: HTMLElement,
	rect: DOMRect | undefined,
	place: { x: number; y: number; opacity: number }
): void {
	box.style.visibility = rect ? 'visible' : 'hidden';
	if (!rect) return;
	const [x, y] = [rect.left + place.x * rect.width, rect.top + place.y * rect.height];
	box.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
	box.style.opacity = String(place.opacity);
}

export function placeStroke(
	line: SVGPolylineElement,
	rect: DOMRect | undefined,
	{ points, opacity }: { points: readonly [number, number][]; opacity: number }
): void {
	line.style.visibility = rect ? 'visible' : 'hidden';
	if (!rect) return;
	const spots = points.map(
		([x, y]) => `${(rect.left + x * rect.width).toFixed(1)},${(rect.top + y * rect.height).toFixed(1)}`
	);
	line.setAttribute('points', spots.join(' '));
	line.style.opacity = String(opacity);
}
