// Which elements changed since a batch that the holder's screen shows: a click that was meant for what is not there any more is refused.
// Notices changes in the same turn as the recorder, so that they stand under the number of the batch that tells of them.
/** A watched page sends a change in the same turn; this is that turn, generously. */
const TOLD_BY_MS = 500;

const PRESSED = 'button,a,input,select,textarea,label,summary,option,[role="button"],[role="menuitem"],tr,li';

type Noted = { number: number; at: number };

export class ChangedSince {
	private readonly noted = new WeakMap<Node, Noted>();
	/** The focus went elsewhere, and not by an order. */
	private moved: Noted | null = null;
	private isOrdered = false;
	private readonly next: () => number;
	private readonly observer: MutationObserver;

	/** `next`: the number of the batch that is being filled. */
	constructor(next: () => number) {
		this.next = next;
		this.observer = new MutationObserver((records) => this.note(records));
		this.observer.observe(document, {
			subtree: true,
			childList: true,
			characterData: true,
			attributes: true
		});
		addEventListener('focusin', this.onFocus, true);
	}

	/** Whether the element, or what is pressed with it, is another than in the batch of that number; or nobody can know. */
	isStale(element: Element, seq: number): boolean {
		// A number that was never sent is no number of this page.
		if (seq >= this.next()) return true;
		const pressed = element.closest(PRESSED) ?? element;
		return [element, pressed].some((one) => this.isNewer(one, seq));
	}

	/** Attack: the focus moved away from where the holder's screen shows it, so that what they type goes into another field. */
	isFocusStale(seq: number): boolean {
		return this.moved !== null && this.isAfter(this.moved, seq);
	}

	/** Does what the holder ordered: where it puts the focus, they meant it to be. */
	ordered<T>(work: () => T): T {
		this.isOrdered = true;
		try {
			return work();
		} finally {
			this.isOrdered = false;
		}
	}

	/** Wherever the focus is, the holder put it there. */
	keepFocus(): void {
		this.moved = null;
	}

	stop(): void {
		this.observer.disconnect();
		removeEventListener('focusin', this.onFocus, true);
	}

	private readonly onFocus = (): void => {
		this.moved = this.isOrdered ? null : { number: this.next(), at: performance.now() };
	};

	private isNewer(one: Element, seq: number): boolean {
		const noted = this.noted.get(one);
		return noted !== undefined && this.isAfter(noted, seq);
	}

	private isAfter(noted: Noted, seq: number): boolean {
		if (noted.number <= seq) return false;
		// What was sent at once would be sent by now: an attribute set to what it was, say, is told to nobody.
		return noted.number < this.next() || performance.now() - noted.at < TOLD_BY_MS;
	}

	private note(records: MutationRecord[]): void {
		const noted = { number: this.next(), at: performance.now() };
		for (const { target } of records) {
			const element = target instanceof Element ? target : target.parentElement;
			if (!element) continue;
			this.noted.set(element, noted);
			const pressed = element.closest(PRESSED);
			if (pressed) this.noted.set(pressed, noted);
		}
	}
}
