// What of the portal recorded events may name. Everything else shows as a picture that was left out.
import { assetName } from '#recorder/format/assets.ts';

const OWN_FONT = /^\/_app\/immutable\/assets\/[\w.-]+\.woff2$/;

/**
 * Fonts of our own build by their address on the player's host, which serves the same build; all else of the portal by its name in
 * the asset store, at which no browser fetches anything.
 */
export const ownAddresses =
	({ portalOrigin, replayOrigin }: { portalOrigin: string; replayOrigin: string }) =>
	(url: string): string | null => {
		if (!URL.canParse(url, portalOrigin)) return null;
		const { origin, pathname } = new URL(url, portalOrigin);
		const isOurs = origin === new URL(portalOrigin).origin && OWN_FONT.test(pathname);
		return isOurs ? replayOrigin + pathname : assetName(url, portalOrigin);
	};
