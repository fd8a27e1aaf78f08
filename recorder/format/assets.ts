// Pictures and fonts of a recorded page are kept apart from its events, by the hash of their bytes. Events name one by its
// address on the portal under a scheme of ours, at which no browser fetches anything: `recorded:/logo?v=2`. Which bytes stood
// there for this page the server knows; a name of which it knows none shows as a picture that was left out.

const SCHEME = 'recorded:';

/** Longer addresses carry data of their own; the index in the database takes up no more either. */
export const MAX_ASSET_NAME = 1_000;

/** Larger pictures are photographs in full size, not what a portal is made of. */
export const MAX_ASSET_BYTES = 1024 * 1024;

/** A file that a browser shows or loads as one: of a page's own origin, without what only the browser reads. */
const NAME = /^recorded:\/(?!\/)[\w\-.~!$&'()*+,;=:@%/?]*$/;

/** The fragment chooses a part of the file; it is no part of its name. */
const withoutFragment = (name: string): string => name.split('#', 1)[0] ?? '';

/** True for the name of an asset, with or without a fragment. */
export const isAssetName = (text: string): boolean =>
	text.length <= MAX_ASSET_NAME && NAME.test(withoutFragment(text));

/** What an address on the page's own origin is called in events; null for any other. */
export function assetName(address: string, origin: string): string | null {
	if (!URL.canParse(address, origin)) return null;
	const url = new URL(address, origin);
	if (url.origin !== new URL(origin).origin) return null;
	const name = SCHEME + url.pathname + url.search + url.hash;
	return isAssetName(name) ? name : null;
}

/** Name and fragment (with its sign, or empty) of an asset that an event names. */
export function splitAssetName(text: string): { name: string; fragment: string } {
	const name = withoutFragment(text);
	return { name, fragment: text.slice(name.length) };
}

/** What the page did not take, and why. */
export const LEFT_OUT = ['too-large', 'unreadable', 'refused', 'limit'] as const;
export type LeftOut = (typeof LEFT_OUT)[number];
