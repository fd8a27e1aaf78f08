// Which key of the holder is one that their page acts on; all others are letters, or the browser's own.
import { CONTROL_KEYS, type ControlKey } from '#protocol/control-keys.ts';

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>;

export function steerKey(event: Pressed): ControlKey | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
	if (event.key === 'Tab') return event.shiftKey ? 'ShiftTab' : 'Tab';
	return CONTROL_KEYS.find((key) => key === event.key) ?? null;
}

/**
 * Somebody writes there. Attack: the yes comes while a sentence is being written elsewhere; the rest of it would go letter by letter to the
 * client's page.
 */
export const isWriting = (at: Pick<Element, 'closest'> | null): boolean =>
	Boolean(at?.closest('input, textarea, select, [contenteditable], dialog'));
