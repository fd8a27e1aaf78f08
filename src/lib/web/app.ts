// The one hand-over between the process and SvelteKit's bundle, which are two module graphs (design.md §2).
import type { App } from '#server/app.ts';

const KEY = Symbol.for('switchback.app');
type Holder = { [KEY]?: App };

/** Called by realtime/main.ts before the first request. */
export const handOver = (app: App): void => {
	(globalThis as Holder)[KEY] = app;
};

/** The composed application. @throws Error when the process started without composing it */
export function getApp(): App {
	const app = (globalThis as Holder)[KEY];
	if (!app) throw new Error('The application was not composed before the web was started.');
	return app;
}
