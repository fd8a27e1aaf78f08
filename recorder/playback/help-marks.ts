// Pointers and strokes of helpers over a page: over the rebuilt one in the frame, and over the real one, where the staff member
// sees them. They hang on elements, so they go with what is scrolled, and fade by themselves. No style sheet, no shadow root: the
// page's content policy allows the one nowhere, and the recorder would look into the other.
import { POINTER_GONE_MS, STROKE_SHOWN_MS } from '#protocol/limits.ts';
import type { Mark, Place } from '#protocol/help.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** White text on each is readable, and each stands out on white and on black. */
const COLOURS = ['#c2255c', '#1864ab', '#2b7a3d', '#b4460c', '#6741d9', '#0b6b7d'];
const ARROW = 'M1 1l6.5 18 2.6-7.2L17 9z';
/** The last part of a mark's life, in which it fades. */
const FADE_MS = 800;
/** More than anybody draws without lifting the pen. */
const MAX_STROKE_POINTS = 1_500;
const POINTER_STYLE =
	'position:absolute;left:0;top:0;display:flex;align-items:flex-start;pointer-events:none';
const LABEL_STYLE =
	'margin:14px 0 0 2px;padding:2px 7px;border-radius:9px;color:#fff;font:600 12px/16px system-ui,sans-serif;white-space:nowrap;max-width:180px;overflow:hidden;text-overflow:ellipsis';
const LAYER_STYLE =
	'position:absolute;left:0;top:0;width:100%;height:100%;overflow:visible;pointer-events:none';

/** The same person has the same colour on every screen. */
export function helperColour(staffId: string): string {
	let sum = 0;
	for (const sign of staffId) sum = (sum * 31 + sign.charCodeAt(0)) % 1_000_003;
	return COLOURS[sum % COLOURS.length] ?? '#1864ab';
}

type Pointer = { box: HTMLElement; place: Place; until: number };
type Stroke = { line: SVGPolylineElement; node: number; points: [number, number][]; until: number };

export type MarksOptions = {
	/** Filled from its left upper corner, which is that of the page's viewport. */
	root: HTMLElement;
	/** The element that the recording calls so, while it is in the page. */
	elementOf(node: number): Element | null;
};

export class HelpMarks {
	private readonly options: MarksOptions;
	private readonly lines: SVGSVGElement;
	private readonly pointers = new Map<string, Pointer>();
	private readonly strokes = new Map<string, Stroke>();
	private frame: number | null = null;

	constructor(options: MarksOptions) {
		this.options = options;
		this.lines = options.root.ownerDocument.createElementNS(SVG, 'svg');
		this.lines.style.cssText = LAYER_STYLE;
		options.root.append(this.lines);
	}

	show(mark: Mark): void {
		if (mark.kind === 'point') this.point(mark);
		else this.draw(mark);
		this.frame ??= requestAnimationFrame(() => this.render());
	}

	clear(): void {
		for (const { box } of this.pointers.values()) box.remove();
		for (const { line } of this.strokes.values()) line.remove();
		this.pointers.clear();
		this.strokes.clear();
	}

	destroy(): void {
		this.clear();
		if (this.frame !== null) cancelAnimationFrame(this.frame);
		this.lines.remove();
	}

	private point({ by, at }: Mark & { kind: 'point' }): void {
		const known = this.pointers.get(by.staffId);
		if (!at) {
			known?.box.remove();
			this.pointers.delete(by.staffId);
			return;
		}
		const box = known?.box ?? this.makePointer(by);
		this.pointers.set(by.staffId, { box, place: at, until: performance.now() + POINTER_GONE_MS });
	}

	private draw({ by, stroke, node, points, isEnd }: Mark & { kind: 'draw' }): void {
		const id = `${by.staffId}:${stroke}`;
		const until = performance.now() + STROKE_SHOWN_MS;
		const known = this.strokes.get(id);
		if (known) known.until = until;
		// Attack: a stroke without end, every point of which is drawn in each frame into somebody's page.
		if (known) known.points.push(...points.slice(0, MAX_STROKE_POINTS - known.points.length));
		else if (!isEnd || points.length > 0)
			this.strokes.set(id, {
				line: this.makeLine(helperColour(by.staffId)),
				node,
				points: [...points],
				until
			});
	}

	private makePointer({ staffId, name }: Mark['by']): HTMLElement {
		const { ownerDocument } = this.options.root;
		const colour = helperColour(staffId);
		const box = ownerDocument.createElement('div');
		box.style.cssText = POINTER_STYLE;
		const arrow = ownerDocument.createElementNS(SVG, 'svg');
		arrow.setAttribute('width', '20');
		arrow.setAttribute('height', '22');
		const shape = ownerDocument.createElementNS(SVG, 'path');
		for (const [key, value] of Object.entries({
			d: ARROW,
			fill: colour,
			stroke: '#fff',
			'stroke-width': '1.5'
		}))
			shape.setAttribute(key, value);
		arrow.append(shape);
		const label = ownerDocument.createElement('span');
		label.style.cssText = LABEL_STYLE;
		label.style.background = colour;
		// Text only, never markup: a name is whatever somebody typed.
		label.textContent = name;
		box.append(arrow, label);
		this.options.root.append(box);
		return box;
	}

	private makeLine(colour: string): SVGPolylineElement {
		const line = this.options.root.ownerDocument.createElementNS(SVG, 'polyline');
		const looks = {
			fill: 'none',
			stroke: colour,
			'stroke-width': '4',
			'stroke-linecap': 'round',
			'stroke-linejoin': 'round'
		};
		for (const [key, value] of Object.entries(looks)) line.setAttribute(key, value);
		this.lines.append(line);
		return line;
	}

	/** Once for each frame while there is anything, since the page below may scroll; then not at all. */
	private render(): void {
		this.frame = null;
		const now = performance.now();
		for (const [id, pointer] of this.pointers) {
			if (pointer.until <= now) {
				pointer.box.remove();
				this.pointers.delete(id);
			} else this.place(pointer, now);
		}
		for (const [id, stroke] of this.strokes) {
			if (stroke.until <= now) {
				stroke.line.remove();
				this.strokes.delete(id);
			} else this.trace(stroke, now);
		}
		if (this.pointers.size + this.strokes.size > 0) this.frame = requestAnimationFrame(() => this.render());
	}

	private place({ box, place, until }: Pointer, now: number): void {
		const rect = this.options.elementOf(place.node)?.getBoundingClientRect();
		box.style.visibility = rect ? 'visible' : 'hidden';
		if (!rect) return;
		const [x, y] = [rect.left + place.x * rect.width, rect.top + place.y * rect.height];
		box.style.transform = `translate(${x.toFixed(1)}px,${y.toFixed(1)}px)`;
		box.style.opacity = String(Math.min(1, (until - now) / FADE_MS));
	}

	private trace({ line, node, points, until }: Stroke, now: number): void {
		const rect = this.options.elementOf(node)?.getBoundingClientRect();
		line.style.visibility = rect ? 'visible' : 'hidden';
		if (!rect) return;
		const spots = points.map(
			([x, y]) => `${(rect.left + x * rect.width).toFixed(1)},${(rect.top + y * rect.height).toFixed(1)}`
		);
		line.setAttribute('points', spots.join(' '));
		line.style.opacity = String(Math.min(1, (until - now) / FADE_MS));
	}
}
