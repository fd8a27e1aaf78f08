// Named apart from the schemas, which browsers never load.

/** Keys that do something where they are pressed; letters come as text. */
export const CONTROL_KEYS = [
	'Enter',
	'Tab',
	'ShiftTab',
	'Escape',
	'Backspace',
	'Delete',
	'ArrowUp',
	'ArrowDown',
	'ArrowLeft',
	'ArrowRight',
	'Home',
	'End'
] as const;
export type ControlKey = (typeof CONTROL_KEYS)[number];
