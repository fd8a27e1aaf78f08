// While somebody else has control, the keys and clicks of whoever sits before the page do nothing in it, so that two hands do not undo each
// other. No proof of whose doing something was: this is their own browser (the hub keeps what was ordered). The banner stays theirs, and
// Escape takes control back.
const STOPPED = [
	'pointerdown',
	'pointerup',
	'mousedown',
	'mouseup',
	'click',
	'dblclick',
	'auxclick',
	'contextmenu',
	'touchstart',
	'touchend',
	'keydown',
	'keypress',
	'beforeinput',
	'paste',
	'cut',
	'drop',
	'compositionstart'
];

const isTheirs = (event: Event): boolean =>
	event.composedPath().some((at) => at instanceof Element && at.matches('[data-recorder-block]'));

/** Keys by which they go about their browser. */
const isPassing = (event: Event): boolean =>
	event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey || event.altKey);

/** Attack: the focus moved on by hand at the right moment, so that the holder's words go into another field. */
function toBanner(): void {
	document.querySelector<HTMLElement>('[data-recorder-block] [aria-keyshortcuts="Escape"]')?.focus();
}

/** What is put together sign by sign cannot be prevented, only left. */
const leave = (event: Event): void => {
	if (event.type === 'compositionstart' && event.target instanceof HTMLElement) event.target.blur();
};

/** Returns how it ends. */
export function holdStill(onEscape: () => void): () => void {
	const gone = new AbortController();
	const stop = (event: Event): void => {
		// What the holder does is made by script.
		if (!event.isTrusted) return;
		// Also with the focus in the banner: wherever they are, one key is the way out.
		if (event instanceof KeyboardEvent && event.type === 'keydown' && event.key === 'Escape') onEscape();
		if (isTheirs(event) || isPassing(event)) return;
		event.stopImmediatePropagation();
		if (event.cancelable) event.preventDefault();
		if (event instanceof KeyboardEvent && event.type === 'keydown' && event.key === 'Tab') toBanner();
		leave(event);
	};
	for (const type of STOPPED)
		addEventListener(type, stop, { capture: true, passive: false, signal: gone.signal });
	return () => gone.abort();
}
