// A click as a hand makes it: the pointer comes, presses, and what is under it takes the focus.
const FOCUSABLE =
	'a[href],button,input,select,textarea,summary,[tabindex],[contenteditable]:not([contenteditable="false" i])';

export function press({ element, x, y }: { element: Element; x: number; y: number }): void {
	const at = {
		bubbles: true,
		cancelable: true,
		composed: true,
		clientX: x,
		clientY: y,
		view: window,
		detail: 1
	};
	const pointer = { ...at, pointerId: 1, pointerType: 'mouse', isPrimary: true };
	const say = (event: Event): boolean => element.dispatchEvent(event);
	say(new PointerEvent('pointerover', pointer));
	say(new PointerEvent('pointermove', pointer));
	say(new MouseEvent('mousemove', at));
	say(new PointerEvent('pointerdown', { ...pointer, buttons: 1 }));
	const moves = say(new MouseEvent('mousedown', { ...at, buttons: 1 }));
	if (moves) takeFocus(element);
	say(new PointerEvent('pointerup', pointer));
	say(new MouseEvent('mouseup', at));
	// Links, buttons and boxes do what they do for a click of script, too.
	if (element.isConnected) say(new MouseEvent('click', at));
}

function takeFocus(element: Element): void {
	const focusable = element.closest<HTMLElement>(FOCUSABLE);
	if (focusable) return focusable.focus({ preventScroll: true });
	// A label gives the focus to its field by itself.
	if (!element.closest('label') && document.activeElement instanceof HTMLElement)
		document.activeElement.blur();
}
