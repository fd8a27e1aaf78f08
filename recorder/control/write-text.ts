// Letters into the focused field, so that the page hears of them as of any others: the value's own setter, and the events of typing.
import type { ControlAnswer } from '#protocol/control.ts';

export type TextField = HTMLInputElement | HTMLTextAreaElement;

const NO_TEXT = /^(?:checkbox|radio|button|submit|reset|image|file|range|color|hidden)$/;

export const isTextField = (element: Element | null): element is TextField =>
	element instanceof HTMLTextAreaElement ||
	(element instanceof HTMLInputElement && !NO_TEXT.test(element.type));

const isLocked = (field: TextField): boolean => field.readOnly || field.disabled;

/** Asks the page first, as a browser does. */
const mayEdit = (field: TextField, inputType: string, data: string | null): boolean =>
	field.dispatchEvent(
		new InputEvent('beforeinput', { bubbles: true, cancelable: true, composed: true, inputType, data })
	);

const told = (field: TextField, inputType: string, data: string | null): void =>
	void field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType, data }));

/** Replaces what is selected; where a kind of field tells no selection, the end is meant. */
function replace(field: TextField, text: string, from: number | null, to: number | null): void {
	if (from !== null && to !== null) return field.setRangeText(text, from, to, 'end');
	field.value += text;
}

export function writeText(field: TextField, text: string): ControlAnswer {
	if (isLocked(field)) return 'nowhere';
	const line = field instanceof HTMLTextAreaElement ? text : text.replace(/[\r\n]+/g, ' ');
	const { selectionStart: from, selectionEnd: to, maxLength, value } = field;
	const room = maxLength < 0 ? line.length : maxLength - value.length + ((to ?? 0) - (from ?? 0));
	const data = line.slice(0, Math.max(0, room));
	if (data === '' || !mayEdit(field, 'insertText', data)) return 'nowhere';
	replace(field, data, from, to);
	told(field, 'insertText', data);
	return 'done';
}

/** Backspace and Delete. */
export function erase(field: TextField, direction: -1 | 1): ControlAnswer {
	if (isLocked(field)) return 'nowhere';
	const inputType = direction < 0 ? 'deleteContentBackward' : 'deleteContentForward';
	if (!mayEdit(field, inputType, null)) return 'nowhere';
	const { selectionStart: from, selectionEnd: to, value } = field;
	if (from === null || to === null) field.value = direction < 0 ? [...value].slice(0, -1).join('') : value;
	else if (from !== to) field.setRangeText('', from, to, 'end');
	else field.setRangeText('', ...besides(value, from, direction), 'end');
	told(field, inputType, null);
	return 'done';
}

/** The sign before or after: one of two halves alone is no letter. */
function besides(value: string, at: number, direction: -1 | 1): [number, number] {
	if (direction > 0) return [at, at + (/^[^]/u.exec(value.slice(at))?.[0].length ?? 0)];
	return [at - (/[^]$/u.exec(value.slice(0, at))?.[0].length ?? 0), at];
}
