import type { TimelineEntry } from '#domain/timeline.ts';
import type { KeyGroup, ShownKey } from '#ui/base/key-group.ts';

/** Where the header leads, and what else it does. */
export type HeaderCommand = 'list' | 'live' | 'evidence' | 'erase' | 'unmask' | 'copy';

export type Command =
	| 'toggle'
	| 'back'
	| 'forward'
	| 'next'
	| 'previous'
	| 'nextPage'
	| 'previousPage'
	| 'stepBack'
	| 'stepForward'
	| 'slower'
	| 'faster'
	| 'skip'
	| 'full'
	| 'small'
	| 'comment'
	| 'bookmark'
	| 'events'
	| 'review'
	| 'help'
	| HeaderCommand;

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

const isDone = ({ kind }: Pick<TimelineEntry, 'kind'>): boolean => kind === 'action' || kind === 'refusal';

/** The first action or refusal after this moment. */
export const nextDone = (entries: readonly TimelineEntry[], at: number): TimelineEntry | null =>
	entries.find((entry) => entry.at > at && isDone(entry)) ?? null;

/** So near behind an action "previous" means the one before it: who presses twice wants to go on. */
const JUST_NOW_MS = 1_000;

/** The last action or refusal before this moment. */
export const previousDone = (entries: readonly TimelineEntry[], at: number): TimelineEntry | null =>
	entries.findLast((entry) => entry.at < at - JUST_NOW_MS && isDone(entry)) ?? null;

/** Where the page before or after this moment's begins; within a page, "before" is its own beginning first. */
export function neighbourPage(
	chapters: readonly { from: number }[],
	at: number,
	direction: 1 | -1
): number | null {
	if (direction === 1) return chapters.find(({ from }) => from > at)?.from ?? null;
	return chapters.findLast(({ from }) => from < at - JUST_NOW_MS)?.from ?? null;
}

/** The next speed up or down; the same at either end. */
export function otherSpeed(speed: number, direction: 1 | -1): number {
	const at = SPEEDS.findIndex((one) => one >= speed);
	return SPEEDS[Math.min(Math.max(at + direction, 0), SPEEDS.length - 1)] ?? speed;
}

type Key = ShownKey & { keys: readonly string[]; command: Command };

/** What each key does: the one list that the page obeys and the key map shows. */
export const KEY_MAP: readonly KeyGroup<Key>[] = [
	{
		title: 'Play',
		keys: [
			{ keys: [' ', 'k'], shown: 'Space or K', command: 'toggle', text: 'Play or pause' },
			{ keys: ['ArrowLeft'], shown: '←', command: 'back', text: 'Back 10 s' },
			{ keys: ['ArrowRight'], shown: '→', command: 'forward', text: 'Forward 10 s' },
			{ keys: [','], shown: ',', command: 'stepBack', text: 'One thing less' },
			{ keys: ['.'], shown: '.', command: 'stepForward', text: 'One thing more' },
			{ keys: ['<', '-'], shown: '<', command: 'slower', text: 'Slower' },
			{ keys: ['>', '+'], shown: '>', command: 'faster', text: 'Faster' },
			{ keys: ['i'], shown: 'I', command: 'skip', text: 'Skip inactivity' },
			{ keys: ['w'], shown: 'W', command: 'small', text: 'Small window on top, or bring the screen back' },
			{ keys: ['f'], shown: 'F', command: 'full', text: 'Full screen' }
		]
	},
	{
		title: 'Go to',
		keys: [
			{ keys: ['n'], shown: 'N', command: 'next', text: 'Next action or refusal' },
			{ keys: ['p'], shown: 'P', command: 'previous', text: 'The one before' },
			{ keys: [']'], shown: ']', command: 'nextPage', text: 'Next page' },
			{ keys: ['['], shown: '[', command: 'previousPage', text: 'Page before' },
			{ keys: ['l'], shown: 'L', command: 'live', text: 'Watch live, while it runs' },
			{ keys: ['e'], shown: 'E', command: 'evidence', text: 'Evidence pack' },
			{ keys: ['x'], shown: 'X', command: 'erase', text: 'Erase; asks first' },
			{ keys: ['Escape'], shown: 'Esc', command: 'list', text: 'Back to Recordings' }
		]
	},
	{
		title: 'Review',
		keys: [
			{ keys: ['c'], shown: 'C', command: 'comment', text: 'Comment at this moment' },
			{ keys: ['b'], shown: 'B', command: 'bookmark', text: 'Bookmark this moment, or take it off' },
			{ keys: ['a'], shown: 'A', command: 'events', text: 'Show what happened' },
			{ keys: ['v'], shown: 'V', command: 'review', text: 'Open the review' },
			{ keys: ['u'], shown: 'U', command: 'unmask', text: 'Unmask; asks why' },
			{ keys: ['y'], shown: 'Y', command: 'copy', text: 'Copy a link to this moment' },
			{ keys: ['?'], shown: '?', command: 'help', text: 'Show these keys' }
		]
	}
];

const COMMANDS = new Map(
	KEY_MAP.flatMap(({ keys }) => keys).flatMap(({ keys, command }) =>
		keys.map((key) => [key, command] as const)
	)
);

/** What a key asks of the player, unless it belongs to the control that has the focus. */
export function keyCommand(event: KeyboardEvent): Command | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
	const command = COMMANDS.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
	if (!command || !(event.target instanceof Element)) return null;
	const { target } = event;
	const isSlider = target.matches('input[type=range]');
	if (!isSlider && target.closest('input, textarea, select, dialog, [role=tablist]')) return null;
	if (event.key === ' ' && target.closest('button, a, summary')) return null;
	return command;
}
