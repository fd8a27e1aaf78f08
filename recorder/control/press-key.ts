// Keys that do something where they are pressed: the page hears them first, then what a browser would do is done.
import type { ControlAnswer } from '#protocol/control.ts';
import type { ControlKey } from '#protocol/control-keys.ts';
import { moveFocus } from './move-focus.ts';
import { outOfBounds } from './out-of-bounds.ts';
import { erase, isTextField, writeText } from './write-text.ts';

const LINE_PX = 40;

/** Done by the browser for a hand's key; nothing where the page kept it from happening. */
export function pressKey(key: ControlKey): ControlAnswer {
	const at = document.activeElement ?? document.body;
	const isBack = key === 'ShiftTab';
	const what = { key: isBack ? 'Tab' : key, code: isBack ? 'Tab' : key, shiftKey: isBack };
	const options = { ...what, bubbles: true, cancelable: true, composed: true };
	const goesOn = at.dispatchEvent(new KeyboardEvent('keydown', options));
	const answer = goesOn ? act(at, key) : 'done';
	if (at.isConnected) at.dispatchEvent(new KeyboardEvent('keyup', options));
	return answer;
}

function act(at: Element, key: ControlKey): ControlAnswer {
	switch (key) {
		case 'Tab':
		case 'ShiftTab':
			return moveFocus(key === 'Tab' ? 1 : -1);
		case 'Enter':
			return enter(at);
		case 'Escape':
			return escape(at);
		case 'Backspace':
		case 'Delete':
			return isTextField(at) ? erase(at, key === 'Delete' ? 1 : -1) : 'nowhere';
		case 'Home':
		case 'End':
			return isTextField(at) ? putCaret(at, key === 'Home' ? 0 : at.value.length) : scroll(0, jump(key));
		default:
			return arrow(at, key);
	}
}

function enter(at: Element): ControlAnswer {
	if (at instanceof HTMLTextAreaElement) return writeText(at, '\n');
	if (at instanceof HTMLInputElement && at.form) return submit(at.form);
	if (!(at instanceof HTMLElement) || at === document.body) return 'nowhere';
	at.click();
	return 'done';
}

/** As for a hand: the first button that sends is pressed, and one that cannot be pressed sends nothing. */
function submit(form: HTMLFormElement): ControlAnswer {
	const button = [...form.elements].find(
		(one): one is HTMLButtonElement | HTMLInputElement =>
			(one instanceof HTMLButtonElement || one instanceof HTMLInputElement) && one.type === 'submit'
	);
	if (!button) form.requestSubmit();
	else {
		const why = outOfBounds(button);
		if (why) return why;
		if (button.disabled) return 'nowhere';
		button.click();
	}
	return 'done';
}

function escape(at: Element): ControlAnswer {
	const dialog =
		at.closest<HTMLDialogElement>('dialog[open]') ??
		document.querySelector<HTMLDialogElement>('dialog:modal');
	if (
		dialog &&
		!dialog.closest('[data-recorder-block]') &&
		dialog.dispatchEvent(new Event('cancel', { cancelable: true }))
	)
		dialog.close();
	return 'done';
}

function arrow(at: Element, key: ControlKey): ControlAnswer {
	const step = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
	if (at instanceof HTMLSelectElement) return choose(at, at.selectedIndex + step);
	const isAcross = key === 'ArrowLeft' || key === 'ArrowRight';
	if (isTextField(at) && isAcross) return putCaret(at, (at.selectionStart ?? 0) + step);
	return isAcross ? scroll(step * LINE_PX, 0) : scroll(0, step * LINE_PX);
}

function putCaret(field: HTMLInputElement | HTMLTextAreaElement, at: number): ControlAnswer {
	if (field.selectionStart === null) return 'nowhere';
	const to = Math.min(Math.max(at, 0), field.value.length);
	field.setSelectionRange(to, to);
	return 'done';
}

const jump = (key: 'Home' | 'End'): number =>
	document.documentElement.scrollHeight * (key === 'Home' ? -1 : 1);

function scroll(left: number, top: number): ControlAnswer {
	scrollBy({ left, top, behavior: 'instant' });
	return 'done';
}

/** As a hand does it: the list takes the focus first. */
export function chooseIn(at: Element, index: number): ControlAnswer {
	const select = at.closest('select');
	if (!select) return 'gone';
	select.focus({ preventScroll: true });
	return choose(select, index);
}

/** An option of a list, by its place. */
function choose(select: HTMLSelectElement, index: number): ControlAnswer {
	const option = select.options[index];
	if (!option || option.disabled || select.disabled) return 'nowhere';
	select.selectedIndex = index;
	for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }));
	return 'done';
}
