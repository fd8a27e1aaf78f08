// What each key does on a live page. Pure, so that what the list of keys says can be held to it.

/** Looking back in the session, and the small window. */
export type LookKey = 'earlier' | 'later' | 'now' | 'toggle' | 'small';

export type LiveKey =
	| {
			do:
				| 'back'
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
	| { do: 'session'; step: 1 | -1 }
	| { do: 'page'; at: number };

const KEYS: Record<string, LiveKey> = {
	Escape: { do: 'back' },
	f: { do: 'freeze' },
	v: { do: 'view' },
	t: { do: 'control' },
	e: { do: 'end' },
	h: { do: 'answer' },
	m: { do: 'write' },
	l: { do: 'follow' },
	z: { do: 'fullscreen' },
	'?': { do: 'keys' },
	p: { do: 'tool', tool: 'point' },
	d: { do: 'tool', tool: 'draw' },
	ArrowLeft: { do: 'look', how: 'earlier' },
	ArrowRight: { do: 'look', how: 'later' },
	' ': { do: 'look', how: 'toggle' },
	n: { do: 'look', how: 'now' },
	w: { do: 'look', how: 'small' },
	j: { do: 'session', step: 1 },
	k: { do: 'session', step: -1 }
};

/** What a key stands for, or null: with a modifier it is the browser's, and while something is typed it is a letter. */
export function liveKey(
	event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>,
	isTyping: boolean
): LiveKey | null {
	if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping) return null;
	if (/^[1-9]$/.test(event.key)) return { do: 'page', at: Number(event.key) - 1 };
	return Object.hasOwn(KEYS, event.key) ? (KEYS[event.key] ?? null) : null;
}
