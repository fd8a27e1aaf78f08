// What supervisors point at and draw, over the real page that the staff member works on. The layer is blocked for the recorder,
// has no size of its own, takes no click, and is made with the first mark.
import type { Mark } from '#protocol/help.ts';
import { HelpMarks } from '#recorder/playback/help-marks.ts';

/** Of what a popover is given by browsers nothing may stay. */
const HOST =
	'position:fixed;inset:0 auto auto 0;width:0;height:0;margin:0;padding:0;border:0;background:none;overflow:visible;pointer-events:none';
const ROOT = 'position:fixed;left:0;top:0;width:100vw;height:100vh;overflow:hidden;pointer-events:none';

export class HelpOverlay {
	private readonly nodeOf: (id: number) => Node | null;
	private host: HTMLElement | null = null;
	private marks: HelpMarks | null = null;

	/** `nodeOf`: what the recorder calls so; its ids are those of the marks. */
	constructor(nodeOf: (id: number) => Node | null) {
		this.nodeOf = nodeOf;
	}

	show(mark: Mark): void {
		const { host, marks } = this.opened();
		// Above a dialog that was opened meanwhile, too.
		if (document.querySelector('dialog:modal')) host.hidePopover?.();
		if (!host.matches(':popover-open')) host.showPopover?.();
		marks.show(mark);
	}

	destroy(): void {
		this.marks?.destroy();
		this.host?.remove();
	}

	private opened(): { host: HTMLElement; marks: HelpMarks } {
		if (this.host && this.marks) return { host: this.host, marks: this.marks };
		const host = document.createElement('div');
		host.dataset.recorderBlock = '';
		host.setAttribute('popover', 'manual');
		host.setAttribute('aria-hidden', 'true');
		host.style.cssText = HOST;
		const root = document.createElement('div');
		root.style.cssText = ROOT;
		host.append(root);
		document.body.append(host);
		const marks = new HelpMarks({ root, elementOf: (id) => this.elementOf(id) });
		[this.host, this.marks] = [host, marks];
		return { host, marks };
	}

	/** Attack, or a page that went on meanwhile: what is not in the document any more is not pointed at. */
	private elementOf(id: number): Element | null {
		const node = this.nodeOf(id);
		if (!node?.isConnected) return null;
		return node instanceof Element ? node : node.parentElement;
	}
}
