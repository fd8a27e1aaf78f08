// Pointers and strokes of helpers while they show them: over the rebuilt page in the frame, and over the real one, where the staff
// member sees them. They hang on elements, so they go with what is scrolled, and fade by themselves.
import { POINTER_GONE_MS, STROKE_SHOWN_MS } from '#protocol/limits.ts';
import type { Mark, Place } from '#protocol/help.ts';
import { FADE_MS, linesLayer, placePointer, placeStroke, pointerBox, strokeLine } from './help-looks.ts';

/** More than anybody draws without lifting the pen. */
const MAX_STROKE_POINTS = 1_500;

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
		this.lines = linesLayer(options.root.ownerDocument);
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
		const box = known?.box ?? pointerBox(this.options.root.ownerDocument, by);
		if (!known) this.options.root.append(box);
		this.pointers.set(by.staffId, { box, place: at, until: performance.now() + POINTER_GONE_MS });
	}

	private draw({ by, stroke, node, points, isEnd }: Mark & { kind: 'draw' }): void {
		const id = `${by.staffId}:${stroke}`;
		const until = performance.now() + STROKE_SHOWN_MS;
		const known = this.strokes.get(id);
		if (known) known.until = until;
		// Attack: a stroke without end, every point of which is drawn in each frame into somebody's page.
		if (known) known.points.push(...points.slice(0, MAX_STROKE_POINTS - known.points.length));
		else if (!isEnd || points.length > 0) {
			const line = strokeLine(this.options.root.ownerDocument, by);
			this.lines.append(line);
			this.strokes.set(id, { line, node, points: [...points], until });
		}
	}

	/** Once for each frame while there is anything, since the page below may scroll; then not at all. */
	private render(): void {
		this.frame = null;
		const now = performance.now();
		const rectOf = (node: number) => this.options.elementOf(node)?.getBoundingClientRect();
		const fading = (until: number): number => Math.min(1, (until - now) / FADE_MS);
		for (const [id, { box, place, until }] of this.pointers)
			if (until > now) placePointer(box, rectOf(place.node), { ...place, opacity: fading(until) });
			else {
				box.remove();
				this.pointers.delete(id);
			}
		for (const [id, { line, node, points, until }] of this.strokes)
			if (until > now) placeStroke(line, rectOf(node), { points, opacity: fading(until) });
			else {
				line.remove();
				this.strokes.delete(id);
			}
		if (this.pointers.size + this.strokes.size > 0) this.frame = requestAnimationFrame(() => this.render());
	}
}
