// The options of a list that the holder of control clicked on, over the rebuilt page: that one cannot open by itself, and the real one is on
// another machine.
const LOOK =
	'position:absolute;z-index:4;max-height:40%;overflow:auto;padding:2px;border:1px solid #888;border-radius:6px;background:Canvas;color:CanvasText;font:14px system-ui;color-scheme:light dark';

/** So many are shown without scrolling. */
const SHOWN = 8;

export class OptionList {
	private readonly box: HTMLElement;
	private readonly onChosen: (node: number, index: number) => void;
	private list: HTMLSelectElement | null = null;

	constructor(box: HTMLElement, onChosen: (node: number, index: number) => void) {
		this.box = box;
		this.onChosen = onChosen;
	}

	open(select: HTMLSelectElement, node: number): void {
		this.close();
		if (node <= 0 || select.options.length === 0) return;
		const list = this.box.ownerDocument.createElement('select');
		list.setAttribute(
			'aria-label',
			select.getAttribute('aria-label') ?? 'Options of this list on their page'
		);
		list.size = Math.min(SHOWN, Math.max(2, select.options.length));
		list.style.cssText = LOOK;
		const { left, bottom, width } = select.getBoundingClientRect();
		Object.assign(list.style, { left: `${left}px`, top: `${bottom + 2}px`, minWidth: `${width}px` });
		for (const { text, disabled } of select.options) {
			const option = new Option(text);
			option.disabled = disabled;
			list.add(option);
		}
		list.selectedIndex = select.selectedIndex;
		const choose = (): void => {
			const index = list.selectedIndex;
			this.close();
			if (index >= 0) this.onChosen(node, index);
		};
		list.addEventListener('click', choose);
		list.addEventListener('keydown', ({ key }) => {
			if (key === 'Enter') choose();
			if (key === 'Escape') this.close();
		});
		list.addEventListener('blur', () => this.close());
		this.box.append(list);
		this.list = list;
		list.focus();
	}

	close(): void {
		const { list } = this;
		this.list = null;
		list?.remove();
	}
}
