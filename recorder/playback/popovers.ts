// Opens and closes popovers as the page did: whether one is open no attribute shows, so the recorder marks it and the Replayer, which
// takes the mark for an attribute like any other, does not know what it means.
import { EVENT, isLoose, SOURCE, type Loose, type RecordedEvent } from '../format/events.ts';
import { POPOVER_MARK } from '../format/shadow-parts.ts';

type Shown = { document: Document; nodeOf(id: number): Node | null };

const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : []);

function isMarked(root: unknown): boolean {
	const stack = [root];
	for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
		if (!isLoose(node)) continue;
		if (isLoose(node.attributes) && node.attributes[POPOVER_MARK] !== undefined) return true;
		stack.push(...list(node.childNodes));
	}
	return false;
}

function turn(element: Node | null, isOpen: boolean): void {
	// By what it can do, not by what it is made of: it belongs to another document.
	if (!element || !('showPopover' in element)) return;
	const popover = element as HTMLElement;
	try {
		if (isOpen) popover.showPopover();
		else popover.hidePopover();
	} catch {
		// It is none (any more), or is as it should be: a recording may say anything.
	}
}

/** To be called once the event is on the screen. */
export function turnPopovers({ type, data }: RecordedEvent, { document, nodeOf }: Shown): void {
	if (!isLoose(data)) return;
	const isMutation = type === EVENT.incremental && data.source === SOURCE.mutation;
	if (isMutation)
		// In their order, which is the order they lie upon each other in.
		for (const { id, attributes } of list(data.attributes))
			if (isLoose(attributes) && attributes[POPOVER_MARK] !== undefined)
				turn(nodeOf(Number(id)), attributes[POPOVER_MARK] !== null);
	const isNew =
		(type === EVENT.fullSnapshot && isMarked(data.node)) ||
		(isMutation && list(data.adds).some(({ node }) => isMarked(node)));
	if (!isNew) return;
	for (const element of document.querySelectorAll(`[${POPOVER_MARK}]:not(:popover-open)`))
		turn(element, true);
}
