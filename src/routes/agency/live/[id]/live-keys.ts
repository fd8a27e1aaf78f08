// What each key does on a live page: the one list that the page obeys and the list of keys shows.
import type { KeyGroup, ShownKey } from '#ui/base/key-group.ts';

/** Looking back in the session, and the small window. */
export type LookKey = 'earlier' | 'later' | 'now' | 'toggle' | 'small';

/** What stands beside the screen. */
export type SideTab = 'actions' | 'faults' | 'chat' | 'details';

export type LiveKey =
	| {
			do:
				| 'back'
				| 'replay'
				| 'freeze'
				| 'view'
				| 'end'
				| 'control'
				| 'answer'
				| 'write'
				| 'follow'
				| 'fullscreen'
				| 'keys';
	  }
	| { do: 'tool'; tool: 'point' | 'draw' }
	| { do: 'look'; how: LookKey }
	| { do: 'side'; tab: SideTab }
	| { do: 'alert'; how: 'see' | 'away' }
	| { do: 'session'; step: 1 | -1 }
	| { do: 'page'; at: number };

/** A row without keys is said, and obeyed elsewhere: by the browser, or by who steers. */
type Key = ShownKey & { keys?: Readonly<Record<string, LiveKey>> };

export const KEY_MAP: readonly KeyGroup<Key>[] = [
	{
		title: 'Stop',
		keys: [
			{ shown: 'F', text: 'Freeze, or release', keys: { f: { do: 'freeze' } } },
			{ shown: 'V', text: 'View only, or allow Act', keys: { v: { do: 'view' } } },
			{ shown: 'E', text: 'End session; asks first', keys: { e: { do: 'end' } } }
		]
	},
	{
		title: 'Help',
		keys: [
			{ shown: 'H', text: 'Answer the raised hand', keys: { h: { do: 'answer' } } },
			{ shown: 'P', text: 'Point; a click marks', keys: { p: { do: 'tool', tool: 'point' } } },
			{ shown: 'D', text: 'Draw', keys: { d: { do: 'tool', tool: 'draw' } } },
			{ shown: 'M', text: 'Write a message', keys: { m: { do: 'write' } } },
			{ shown: 'T', text: 'Take control, or give it back', keys: { t: { do: 'control' } } },
			{ shown: 'Esc Esc', text: 'While you steer: give it back' }
		]
	},
	{
		title: 'Look',
		keys: [
			{
				shown: '← →',
				text: 'Back 10 s, forward 10 s',
				keys: { ArrowLeft: { do: 'look', how: 'earlier' }, ArrowRight: { do: 'look', how: 'later' } }
			},
			{
				shown: 'Space',
				text: 'While looking back: play or pause',
				keys: { ' ': { do: 'look', how: 'toggle' } }
			},
			{ shown: 'N', text: 'Back to now', keys: { n: { do: 'look', how: 'now' } } },
			{ shown: 'L', text: 'Follow the page that is used', keys: { l: { do: 'follow' } } },
			{ shown: '1 … 9', text: 'Show that page', keys: pageKeys() },
			{ shown: 'W', text: 'Small window, or bring it back', keys: { w: { do: 'look', how: 'small' } } },
			{ shown: 'Z', text: 'Full screen', keys: { z: { do: 'fullscreen' } } }
		]
	},
	{
		title: 'Beside the screen',
		keys: [
			{ shown: 'A', text: 'Actions', keys: { a: { do: 'side', tab: 'actions' } } },
			{ shown: 'X', text: 'Errors', keys: { x: { do: 'side', tab: 'faults' } } },
			{ shown: 'C', text: 'Chat', keys: { c: { do: 'side', tab: 'chat' } } },
			{ shown: 'I', text: 'Details', keys: { i: { do: 'side', tab: 'details' } } },
			{ shown: 'S', text: 'See to the alert', keys: { s: { do: 'alert', how: 'see' } } },
			{ shown: 'U', text: 'Put the alert away', keys: { u: { do: 'alert', how: 'away' } } }
		]
	},
	{
		title: 'Go to',
		keys: [
			{
				shown: 'J K',
				text: 'Next, previous session',
				keys: { j: { do: 'session', step: 1 }, k: { do: 'session', step: -1 } }
			},
			{ shown: 'R', text: 'Its replay so far', keys: { r: { do: 'replay' } } },
			{ shown: 'Esc', text: 'Tool down, back to now, back to Live', keys: { Escape: { do: 'back' } } },
			{ shown: '?', text: 'This list', keys: { '?': { do: 'keys' } } }
		]
	}
];

function pageKeys(): Record<string, LiveKey> {
	return Object.fromEntries(Array.from('123456789', (digit, at) => [digit, { do: 'page', at }] as const));
}

const KEYS = new Map(
	KEY_MAP.flatMap((group) => group.keys.flatMap(({ keys }) => Object.entries(keys ?? {})))
);

/** What a key stands for, or null: with a modifier it is the browser's, and while something is typed it is a letter. */
export function liveKey(
	event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>,
	isTyping: boolean
): LiveKey | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping) return null;
	return KEYS.get(event.key) ?? null;
}
