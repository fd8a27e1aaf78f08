// What helpers showed, drawn over a replay again at its moment: whatever the clock does, each frame shows what belongs to it.
import type { ShownStretch } from '#protocol/help.ts';
import { linesLayer, placePointer, placeStroke, pointerBox, strokeLine } from './help-looks.ts';
import { shownAt, type Shown } from './shown-at.ts';

const LAYER = 'position:absolute;inset:0;z-index:2;overflow:hidden;pointer-events:none';

/** The picture that is seen: of which page, at which hub time. */
export type Moment = { pageId: string | null; at: number };

export type ReplayMarksOptions = {
	box: HTMLElement;
	stretches: readonly ShownStretch[];
	moment(): Moment;
	elementOf(node: number): Element | null;
};

export class ReplayMarks {
	private readonly options: ReplayMarksOptions;
	private readonly layer: HTMLElement;
	private readonly lines: SVGSVGElement;
	private readonly pointers = new Map<string, HTMLElement>();
	private readonly strokes = new Map<string, SVGPolylineElement>();
	private frame: number;

	constructor(options: ReplayMarksOptions) {
		this.options = options;
		const { ownerDocument } = options.box;
		this.layer = ownerDocument.createElement('div');
		this.layer.style.cssText = LAYER;
		this.lines = linesLayer(ownerDocument);
		this.layer.append(this.lines);
		options.box.append(this.layer);
		this.frame = requestAnimationFrame(() => this.render());
	}

	destroy(): void {
		cancelAnimationFrame(this.frame);
		this.layer.remove();
	}

	/** In each frame, also while it stands: the page below is scrolled by what is played, and comes anew with a seek. */
	private render(): void {
		const { stretches, moment } = this.options;
		const { pageId, at } = moment();
		this.draw(shownAt(stretches, pageId, at));
		this.frame = requestAnimationFrame(() => this.render());
	}

	private draw({ pointers, strokes }: Shown): void {
		const { elementOf, box } = this.options;
		const rectOf = (node: number) => elementOf(node)?.getBoundingClientRect();
		for (const { by, place, opacity } of pointers) {
			const pointer = this.pointers.get(by.staffId) ?? pointerBox(box.ownerDocument, by);
			this.pointers.set(by.staffId, pointer);
			if (!pointer.isConnected) this.layer.append(pointer);
			placePointer(pointer, rectOf(place.node), { ...place, opacity });
		}
		for (const { key, by, node, points, opacity } of strokes) {
			const line = this.strokes.get(key) ?? strokeLine(box.ownerDocument, by);
			this.strokes.set(key, line);
			if (!line.isConnected) this.lines.append(line);
			placeStroke(line, rectOf(node), { points, opacity });
		}
		dropOthers(this.pointers, new Set(pointers.map(({ by }) => by.staffId)));
		dropOthers(this.strokes, new Set(strokes.map(({ key }) => key)));
	}
}

function dropOthers(elements: Map<string, Element>, kept: ReadonlySet<string>): void {
	for (const [key, element] of elements)
		if (!kept.has(key)) {
			element.remove();
			elements.delete(key);
		}
}
