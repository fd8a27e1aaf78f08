import { expect, it } from 'vitest';
import { KEY_MAP, liveKey } from './live-keys.ts';

const press = (key: string, over: object = {}, isTyping = false) =>
	liveKey({ key, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, ...over }, isTyping);

it('knows its keys', () => {
	expect(press('j')).toEqual({ do: 'session', step: 1 });
	expect(press('d')).toEqual({ do: 'tool', tool: 'draw' });
	expect(press('3')).toEqual({ do: 'page', at: 2 });
	expect(press('?')).toEqual({ do: 'keys' });
	expect(press('ArrowLeft')).toEqual({ do: 'look', how: 'earlier' });
	expect(press('n')).toEqual({ do: 'look', how: 'now' });
	expect(press('w')).toEqual({ do: 'look', how: 'small' });
	expect(press('x')).toEqual({ do: 'side', tab: 'faults' });
	expect(press('u')).toEqual({ do: 'alert', how: 'away' });
});

it.each([
	['a letter it does not know', press('q')],
	['what every object has', press('constructor')],
	['zero, which is no page', press('0')],
	['a key of the browser', press('f', { ctrlKey: true })],
	['a letter that is typed', press('f', {}, true)],
	['a key that somebody took', press('Escape', { defaultPrevented: true })]
])('leaves alone %s', (_, key) => {
	expect(key).toBeNull();
});

it('gives no key two meanings', () => {
	const keys = KEY_MAP.flatMap((group) => group.keys.flatMap(({ keys: named }) => Object.keys(named ?? {})));
	expect(keys.length).toBeGreaterThan(30);
	expect(new Set(keys).size).toBe(keys.length);
});
