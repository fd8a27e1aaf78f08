// What runs in the recorded page while somebody else has control of it; loaded only for that. Each order is checked against the page as it is
// at that moment; what cannot be done is answered with why.
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import { ChangedSince } from './changed-since.ts';
import { elementOf, findTarget, type ControlledPage, type Spot } from './find-target.ts';
import { outOfBounds } from './out-of-bounds.ts';
import { chooseIn, pressKey } from './press-key.ts';
import { press } from './press.ts';
import { isTextField, writeText, type TextField } from './write-text.ts';

export type ControlPage = {
	/** The element that batches call so. */
	nodeOf(id: number): Node | null;
	/** The number of the batch that is being filled. */
	next(): number;
};

export type OpenControl = { obey(order: ControlOrder): ControlAnswer; stop(): void };

export function openControl({ nodeOf, next }: ControlPage): OpenControl {
	const changed = new ChangedSince(next);
	const page: ControlledPage = { nodeOf, isStale: (element, seq) => changed.isStale(element, seq) };
	const written = new WrittenField();
	const atFocus = (seq: number): Element | ControlAnswer => {
		const at = document.activeElement ?? document.body;
		const why = outOfBounds(at);
		if (why) return why;
		if (changed.isFocusStale(seq)) return 'stale';
		return isTextField(at) || !page.isStale(at, seq) ? at : 'stale';
	};
	const type = (text: string, seq: number): ControlAnswer => {
		const at = atFocus(seq);
		if (typeof at === 'string') return at;
		if (!isTextField(at)) return 'nowhere';
		written.field = at;
		return writeText(at, text);
	};
	const click = (spot: Spot, seq: number): ControlAnswer => {
		const target = findTarget(page, spot, seq);
		if (typeof target === 'string') return target;
		if (!written.field?.contains(target.element)) written.leave();
		press(target);
		changed.keepFocus();
		return 'done';
	};
	const obey = ({ deed, seq }: ControlOrder): ControlAnswer => {
		switch (deed.kind) {
			case 'click':
				return click(deed, seq);
			case 'type':
				return type(deed.text, seq);
			case 'key': {
				const at = atFocus(seq);
				if (typeof at === 'string' && deed.key !== 'Tab' && deed.key !== 'ShiftTab') return at;
				if (deed.key === 'Backspace' || deed.key === 'Delete')
					written.field = isTextField(document.activeElement) ? document.activeElement : null;
				else written.leave();
				return pressKey(deed.key);
			}
			case 'select': {
				const target = findTarget(page, { node: deed.node, x: 0.5, y: 0.5 }, seq);
				if (typeof target === 'string') return target;
				written.leave();
				const answer = chooseIn(target.element, deed.index);
				// Where a hand leaves the focus, too: the keys that follow are meant for it.
				if (answer === 'done') changed.keepFocus();
				return answer;
			}
			case 'scroll':
				return scrollAt(elementOf(page, deed.node), deed.dx, deed.dy);
		}
	};
	return {
		obey: (order) => changed.ordered(() => obey(order)),
		stop: () => {
			written.leave();
			changed.stop();
		}
	};
}

/** A field that was written in and not left: browsers tell of the change as a whole only then. */
class WrittenField {
	field: TextField | null = null;

	leave(): void {
		if (this.field?.isConnected) this.field.dispatchEvent(new Event('change', { bubbles: true }));
		this.field = null;
	}
}

const SCROLLS = /^(?:auto|scroll|overlay)$/;

/** Whatever would scroll under a wheel there. */
function scrollAt(from: Element | null, left: number, top: number): ControlAnswer {
	if (!from) return 'gone';
	let at: Element | null = from;
	while (at && !mayScroll(at, left, top)) at = at.parentElement;
	(at ?? document.scrollingElement)?.scrollBy({ left, top, behavior: 'instant' });
	return 'done';
}

function mayScroll(element: Element, left: number, top: number): boolean {
	if (element === document.body || element === document.documentElement) return false;
	const { overflowX, overflowY } = getComputedStyle(element);
	const down = SCROLLS.test(overflowY) && element.scrollHeight > element.clientHeight && top !== 0;
	const across = SCROLLS.test(overflowX) && element.scrollWidth > element.clientWidth && left !== 0;
	return down || across;
}
