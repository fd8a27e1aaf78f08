import type { TimelineEntry } from '#domain/timeline.ts';

export type Command = 'toggle' | 'back' | 'forward' | 'next' | 'full';

/** The first action or refusal after this moment. */
export const nextDone = (entries: readonly TimelineEntry[], at: number): TimelineEntry | null =>
	entries.find((entry) => entry.at > at && (entry.kind === 'action' || entry.kind === 'refusal')) ?? null;

const KEYS: Record<string, Command> = {
	' ': 'toggle',
	k: 'toggle',
	ArrowLeft: 'back',
	ArrowRight: 'forward',
	n: 'next',
	f: 'full'
};

/** What a key asks of the player, unless it belongs to the control that has the focus. */
export function keyCommand(event: KeyboardEvent): Command | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
	const command = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
	if (!command || !(event.target instanceof Element)) return null;
	const { target } = event;
	const isSlider = target.matches('input[type=range]');
	if (!isSlider && target.closest('input, textarea, select, dialog')) return null;
	if (event.key === ' ' && target.closest('button, a, summary')) return null;
	return command;
}
