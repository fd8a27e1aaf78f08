// Where the frame loads pictures and fonts of a recording from: its own host and nowhere else. A name that the page recorded
// becomes an address only with what the agency page was granted; without it nothing is loaded.
import { isAssetName, splitAssetName } from '../format/assets.ts';
import type { AssetLookup } from '../format/safe-css.ts';

/** For each page, since the same address may have shown something else on another. */
export type AssetsOfPage = (pageId: string) => AssetLookup;

/** Fonts of our own build, which the hub has rewritten to this host. */
const OWN_FONT = /^\/_app\/immutable\/assets\/[\w.-]+\.woff2$/;

export function ownFont(address: string): string | null {
	if (!URL.canParse(address)) return null;
	const url = new URL(address);
	return url.origin === location.origin && OWN_FONT.test(url.pathname) && !url.search ? url.href : null;
}

/** What the server signs, and nothing that would lead elsewhere in an address. */
export const isGrant = (value: unknown): value is string =>
	typeof value === 'string' && value.length < 1_000 && /^[\w.-]+$/.test(value);

const PAGE = /^[\w-]{1,100}$/;

export class AssetAddresses {
	private grant: string | null = null;

	take(grant: string): void {
		this.grant = grant;
	}

	readonly of: AssetsOfPage = (pageId) => (address) => {
		if (this.grant === null || !isAssetName(address) || !PAGE.test(pageId)) return ownFont(address);
		const { name, fragment } = splitAssetName(address);
		return `${location.origin}/asset/${this.grant}/${pageId}?name=${encodeURIComponent(name)}${fragment}`;
	};
}
