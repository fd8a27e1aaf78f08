// Help over the live page in the frame: what others show, and the tool that this screen's helper holds.
import type { Mark, Place } from '#protocol/help.ts';
import { HelpMarks } from './help-marks.ts';
import { HelpTool, type PointerDeed, type Tool } from './help-tool.ts';
import type { LiveView } from './live-view.ts';

export type HelpCallbacks = {
	/** `seq`: the last batch that is on the screen. */
	onSteered(steered: { pageId: string; seq: number; deed: PointerDeed }): void;
	onPointed(pointed: { pageId: string; at: Place | null }): void;
	onDrawn(drawn: {
		pageId: string;
		stroke: number;
		node: number;
		points: [number, number][];
		isEnd: boolean;
	}): void;
};

const LAYER = 'position:absolute;inset:0;z-index:2;overflow:hidden;pointer-events:none';

export class LiveHelp {
	private readonly layer: HTMLElement;
	private readonly marks: HelpMarks;
	private readonly tool: HelpTool;
	private readonly view: LiveView;

	constructor(box: HTMLElement, view: LiveView, callbacks: HelpCallbacks) {
		this.view = view;
		this.layer = box.ownerDocument.createElement('div');
		this.layer.style.cssText = LAYER;
		box.append(this.layer);
		this.marks = new HelpMarks({ root: this.layer, elementOf: (node) => view.elementOf(node) });
		this.tool = new HelpTool({
			box,
			document: () => view.document,
			idOf: (node) => view.idOf(node),
			onPointed: (at) => view.page && callbacks.onPointed({ pageId: view.page, at }),
			onSteered: (deed) => view.page && callbacks.onSteered({ pageId: view.page, seq: view.seq, deed }),
			onDrawn: (drawn) => view.page && callbacks.onDrawn({ pageId: view.page, ...drawn })
		});
	}

	holdTool(tool: Tool): void {
		this.tool.hold(tool);
	}

	/** Of another page than the one on the screen it would point at something else. */
	showMark(mark: Mark): void {
		if (mark.pageId === this.view.page) this.marks.show(mark);
	}

	destroy(): void {
		this.marks.destroy();
		this.tool.destroy();
		this.layer.remove();
	}
}
