// Last words of a document in sessionStorage, sealed like all copies: the one store that is written for certain before
// the document is gone. Read by the next document of the tab.
import { isLoose } from '../format/events.ts';
import type { CopyKey, Sealed } from './copy-seal.ts';

const PREFIX = 'switchback-recorder:';

export class SessionCopies {
	put(key: CopyKey, { how, iv, bytes }: Sealed): void {
		attempt(() =>
			sessionStorage.setItem(
				PREFIX + key[1],
				JSON.stringify({ key, how, iv: toBase64(iv), bytes: toBase64(bytes) })
			)
		);
	}

	keys(): CopyKey[] {
		return this.all().map(({ key }) => key);
	}

	read(name: string, pageId: string): Sealed[] {
		return this.all()
			.filter(({ key }) => key[0] === name && key[1] === pageId)
			.map(({ sealed }) => sealed);
	}

	/** Removes those the test is true of, and all that is no copy. */
	remove(isMeant: (key: CopyKey) => boolean): void {
		const kept = new Set(this.all().flatMap(({ at, key }) => (isMeant(key) ? [] : [at])));
		attempt(() =>
			places()
				.filter((at) => !kept.has(at))
				.forEach((at) => sessionStorage.removeItem(at))
		);
	}

	private all(): { at: string; key: CopyKey; sealed: Sealed }[] {
		return (attempt(places) ?? []).flatMap((at) => {
			const found = attempt(() => toCopy(JSON.parse(sessionStorage.getItem(at) ?? '')));
			return found ? [{ at, ...found }] : [];
		});
	}
}

const places = (): string[] => Object.keys(sessionStorage).filter((at) => at.startsWith(PREFIX));

/** Any script of the origin can write there; a wrong shape is as good as nothing. */
function toCopy(value: unknown): { key: CopyKey; sealed: Sealed } | null {
	if (!isLoose(value) || !Array.isArray(value.key) || value.key.length !== 4 || value.how !== 'ctr')
		return null;
	const sealed: Sealed = { how: value.how, iv: toBytes(value.iv), bytes: toBytes(value.bytes) };
	return { key: value.key as CopyKey, sealed };
}

/** Bytes a call: a function takes only so many arguments. */
const STEP = 8_192;

function toBase64(bytes: Uint8Array): string {
	let text = '';
	for (let at = 0; at < bytes.length; at += STEP)
		text += String.fromCharCode(...bytes.subarray(at, at + STEP));
	return btoa(text);
}

const toBytes = (text: unknown): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0));

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		// Storage is full, forbidden or switched off; IndexedDB and the hub hold what they hold.
		return undefined;
	}
}
