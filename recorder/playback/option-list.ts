// The options of a list that the holder of control clicked on, over the rebuilt page: that one cannot open by itself, and the real one is on
// another machine.
const LOOK =
	'position:absolute;z-index:4;max-height:40%;overflow:auto;padding:2px;border:1px solid #888;border-radius:6px;background:Canvas;color:CanvasText;font:14px system-ui;color-scheme:light dark';

/** So many are shown without scrolling. */
const SHOWN = 8;

type OptionCallbacks = {
	onChosen(index: number): void;
	/** Put away by a key, nothing chosen. */
	onLeft(): void;
};

export class OptionList {
	private readonly box: HTMLElement;
	private list: HTMLSelectElement | null = null;

	constructor(box: HTMLElement) {
		this.box = box;
	}

	/**
	 * Takes the keys.
	 * @returns false where there is nothing to choose: its page may fill it, or say why, when it is clicked on
	 */
	open(select: HTMLSelectElement, { onChosen, onLeft }: OptionCallbacks): boolean {
		this.close();
		if (select.matches(':disabled') || select.options.length === 0) return false;
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
			if (index >= 0) onChosen(index);
		};
		list.addEventListener('click', choose);
		list.addEventListener('keydown', (event) => {
			if (event.key === 'Enter') return choose();
			if (event.key !== 'Escape' && event.key !== 'Tab') return;
			event.preventDefault();
			this.close();
			onLeft();
		});
		list.addEventListener('blur', () => this.close());
		this.box.append(list);
		this.list = list;
		list.focus();
		return true;
	}

	close(): void {
		const { list } = this;
		this.list = null;
		list?.remove();
	}
}
