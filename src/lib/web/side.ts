// Which of the three hosts a page belongs to. The server knows the hosts; the browser reads what the server stamped.
import { getApp } from './app.ts';

export type Side = 'agency' | 'portal' | 'replay';

/** The side a request or a navigation is on. An unknown host never comes this far: main answers it with 421. */
export function sideOf(url: URL): Side {
	if (typeof document !== 'undefined') return (document.documentElement.dataset['side'] ?? 'agency') as Side;
	const { portalOrigin, replayOrigin } = getApp().config;
	if (url.host === new URL(portalOrigin).host) return 'portal';
	return url.host === new URL(replayOrigin).host ? 'replay' : 'agency';
}
