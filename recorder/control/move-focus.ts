// Tab from afar: the focus goes on in the order of the page, past the banner and whatever else control does not reach.
import type { ControlAnswer } from '#protocol/control.ts';

const STOPS =
	'a[href],button:not(:disabled),input:not(:disabled,[type="hidden" i]),select:not(:disabled),textarea:not(:disabled),summary,[tabindex]';

const isStop = (element: HTMLElement): boolean =>
	element.tabIndex >= 0 &&
	!element.closest('[inert],[data-recorder-block]') &&
	element.checkVisibility({ visibilityProperty: true });

export function moveFocus(step: 1 | -1): ControlAnswer {
	const within = document.querySelector('dialog:modal:not([data-recorder-block] *)') ?? document;
	const stops = [...within.querySelectorAll<HTMLElement>(STOPS)].filter(isStop);
	if (stops.length === 0) return 'nowhere';
	const at = stops.indexOf(document.activeElement as HTMLElement);
	const next = at < 0 ? (step > 0 ? 0 : stops.length - 1) : (at + step + stops.length) % stops.length;
	stops[next]?.focus();
	return 'done';
}
