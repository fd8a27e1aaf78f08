// The helper's hand in the frame: what is pointed at and drawn over the rebuilt page, told as elements and shares of their boxes.
// While a tool is held a glass lies over the page, which takes the pointer and nothing else.
import { MAX_POINTS_AT_ONCE } from '#protocol/limits.ts';
import type { ControlDeed } from '#protocol/control.ts';
import type { Place } from '#protocol/help.ts';
import { OptionList } from './option-list.ts';
import { WheelSteps } from './wheel-steps.ts';

export type Tool = 'none' | 'point' | 'draw' | 'steer';

/** What the holder of control does with the pointer; letters and keys are taken by the agency's page. */
export type PointerDeed = Extract<ControlDeed, { kind: 'click' | 'scroll' | 'select' }>;

export type ToolCallbacks = {
	onPointed(at: Place | null): void;
	onSteered(deed: PointerDeed): void;
	onDrawn(drawn: { stroke: number; node: number; points: [number, number][]; isEnd: boolean }): void;
};

export type ToolOptions = ToolCallbacks & {
	/** As large as the recorded viewport, scaled to the frame. */
	box: HTMLElement;
	document(): Document | null;
	idOf(node: Node): number;
};

/** About as fast as the hub lets through. */
const EVERY_MS = 45;
const LIMIT = 20;

const GLASS = 'position:absolute;inset:0;z-index:3;cursor:crosshair;touch-action:none';

/** What people mean when they click on something within it. */
const MEANT = 'button,a,input,select,textarea,label,summary,tr,li,th,h1,h2,h3,img';
const OUTLINE: [number, number][] = [
	[0, 0],
	[1, 0],
	[1, 1],
	[0, 1],
	[0, 0]
];

type Open = { stroke: number; node: number; element: Element; waiting: [number, number][] };

const clamp = (value: number): number =>
	Math.min(LIMIT, Math.max(-LIMIT, Math.round(value * 10_000) / 10_000));

export class HelpTool {
	private readonly options: ToolOptions;
	private readonly glass: HTMLElement;
	private tool: Tool = 'none';
	private open: Open | null = null;
	private strokes = 0;
	private sentAt = 0;
	private readonly list: OptionList;
	private readonly wheel: WheelSteps;

	constructor(options: ToolOptions) {
		this.options = options;
		this.glass = options.box.ownerDocument.createElement('div');
		this.glass.style.cssText = GLASS;
		this.list = new OptionList(options.box);
		this.wheel = new WheelSteps(this.glass, (event, dx, dy) => {
			const found = this.tool === 'steer' ? this.find(event) : null;
			if (found) options.onSteered({ kind: 'scroll', node: found.node, dx, dy });
		});
		// Focus stays where it is: the agency page's keys must work on while somebody draws.
		this.glass.addEventListener('mousedown', (event) => event.preventDefault());
		this.glass.addEventListener('pointermove', (event) => this.moved(event));
		this.glass.addEventListener('pointerdown', (event) => this.pressed(event));
		this.glass.addEventListener('pointerup', () => this.released());
		this.glass.addEventListener('pointercancel', () => this.released());
		this.glass.addEventListener('pointerleave', () => this.left());
	}

	hold(tool: Tool): void {
		if (tool === this.tool) return;
		this.released();
		if (this.isShowing) this.options.onPointed(null);
		this.list.close();
		this.tool = tool;
		this.glass.style.cursor = tool === 'steer' ? 'default' : 'crosshair';
		if (tool === 'none') this.glass.remove();
		else this.options.box.append(this.glass);
	}

	/** The one inside sees where the pointer is. */
	private get isShowing(): boolean {
		return this.tool === 'point' || this.tool === 'steer';
	}

	destroy(): void {
		this.wheel.stop();
		this.list.close();
		this.glass.remove();
	}

	private pressed(event: PointerEvent): void {
		if (event.button !== 0) return;
		const found = this.find(event);
		if (!found) return;
		if (this.tool === 'point') return this.outline(found.element);
		if (this.tool === 'steer') return this.press(found, event);
		this.glass.setPointerCapture(event.pointerId);
		const { element, node } = found;
		this.open = { stroke: this.strokes++, node, element, waiting: [this.shareOf(element, event)] };
	}

	private moved(event: PointerEvent): void {
		const { open } = this;
		if (open) open.waiting.push(this.shareOf(open.element, event));
		if (performance.now() - this.sentAt < EVERY_MS && (open?.waiting.length ?? 0) < MAX_POINTS_AT_ONCE)
			return;
		if (open) this.send(false);
		else if (this.isShowing) this.point(event);
	}

	/** A click while pointing: the whole of what is meant gets a line around it, which goes with it and fades like any other. */
	private outline(under: Element): void {
		const element = under.closest(MEANT) ?? under;
		const node = this.options.idOf(element);
		if (node <= 0) return;
		this.options.onDrawn({ stroke: this.strokes++, node, points: [...OUTLINE], isEnd: true });
	}

	/**
	 * A click of the holder. A list is opened here, where its options are known, and nothing is sent before one is chosen or it is left by a
	 * key: what was sent gives the keys back to the agency's page, and a list that loses them closes. Their page cannot open it for an order
	 * anyway.
	 */
	private press({ element, node }: { element: Element; node: number }, event: PointerEvent): void {
		const [x, y] = this.shareOf(element, event);
		const click = (): void => this.steer(element, { kind: 'click', node, x, y });
		const select = element.closest('select');
		if (!select) return click();
		const list = this.options.idOf(select);
		const isOpen =
			list > 0 &&
			this.list.open(select, {
				onChosen: (index) => this.steer(select, { kind: 'select', node: list, index }),
				onLeft: click
			});
		if (!isOpen) click();
	}

	/** Attack: another page came while a list was open, so that its number is another element there. */
	private steer(at: Element, deed: PointerDeed): void {
		if (this.options.idOf(at) === deed.node) this.options.onSteered(deed);
	}

	private point(event: PointerEvent): void {
		const found = this.find(event);
		if (!found) return;
		this.sentAt = performance.now();
		const [x, y] = this.shareOf(found.element, event);
		this.options.onPointed({ node: found.node, x, y });
	}

	private released(): void {
		if (!this.open) return;
		this.send(true);
		this.open = null;
	}

	private left(): void {
		if (this.isShowing) this.options.onPointed(null);
	}

	private send(isEnd: boolean): void {
		if (!this.open) return;
		const { stroke, node, waiting } = this.open;
		this.sentAt = performance.now();
		this.options.onDrawn({ stroke, node, points: waiting.splice(0, MAX_POINTS_AT_ONCE), isEnd });
	}

	/** Where the pointer is in the recorded viewport. */
	private spot({ clientX, clientY }: MouseEvent): [number, number] {
		const rect = this.options.box.getBoundingClientRect();
		const scale = rect.width / (this.options.box.offsetWidth || 1) || 1;
		return [(clientX - rect.left) / scale, (clientY - rect.top) / scale];
	}

	private find(event: MouseEvent): { element: Element; node: number } | null {
		const shown = this.options.document();
		const element = shown?.elementFromPoint(...this.spot(event)) ?? shown?.documentElement ?? null;
		// What the frame itself added has no id; its nearest recorded ancestor has.
		for (let at = element; at; at = at.parentElement) {
			const node = this.options.idOf(at);
			if (node > 0) return { element: at, node };
		}
		return null;
	}

	private shareOf(element: Element, event: PointerEvent): [number, number] {
		const rect = element.getBoundingClientRect();
		const [x, y] = this.spot(event);
		return [clamp((x - rect.left) / (rect.width || 1)), clamp((y - rect.top) / (rect.height || 1))];
	}
}
