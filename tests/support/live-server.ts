// The whole product in this process, on a free port and a folder of its own, with the demo agency.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '#server/config.ts';
import { openBuiltWeb } from '#realtime/built-web.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { start, type Running } from '#realtime/main.ts';

export type LiveServer = Running & { port: number; agency: string; portal: string; replay: string };

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});

/** Starts it; `close()` ends it and removes its folder. Needs `npm run build` to have run. */
export async function startLiveServer(): Promise<LiveServer> {
	const port = await freePort();
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-live-'));
	const config = readConfig({ PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' });
	const running = await start(config, {
		prepare: prepareDemo,
		openWeb: openBuiltWeb,
		otherUpgrades: 'destroy'
	});
	return {
		...running,
		port,
		agency: config.agencyOrigin,
		portal: config.portalOrigin,
		replay: config.replayOrigin,
		close: async () => {
			await running.close();
			await rm(dataDir, { recursive: true, force: true });
		}
	};
}
