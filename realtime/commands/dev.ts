// npm run dev: the demo agency with hot reload. Vite swaps the pages; `node --watch` (see launch.mjs) restarts the
// process when the hub's, the worker's or a use case's code changes, so that nothing old stays in memory.
import { createServer } from 'vite';
import { readConfig, withDemoFolder } from '#server/config.ts';
import { start, stopOnSignal } from '../main.ts';
import { prepareLivedInDemo, welcome } from './demo.ts';

export default async function dev(): Promise<void> {
	const config = withDemoFolder(readConfig());
	const running = await start(config, {
		prepare: prepareLivedInDemo,
		otherUpgrades: 'ignore',
		openWeb: async () => {
			const vite = await createServer({
				server: { middlewareMode: true, hmr: { host: 'localhost', port: config.port + 1 } }
			});
			return {
				handle: (request, response) => vite.middlewares(request, response),
				close: () => vite.close()
			};
		}
	});
	stopOnSignal(running);
	process.stdout.write(`${await welcome(config)}\n`);
}
