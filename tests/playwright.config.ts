import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { placeOf, WORKERS } from './e2e/place.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The demo of one worker. */
const demo = (worker: number) => {
	const { port, dataDir } = placeOf(worker);
	return {
		command: 'node realtime/launch.mjs demo',
		cwd: root,
		url: `http://localhost:${port}/readyz`,
		// Several build their demo at the same time.
		timeout: 300_000,
		stdout: 'pipe' as const,
		gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 12_000 },
		env: { PORT: port, DATA_DIR: dataDir, LOG_LEVEL: 'warn' }
	};
};

export default defineConfig({
	testDir: path.join(root, 'tests/e2e'),
	testMatch: '**/*.spec.ts',
	outputDir: path.join(root, 'test-results'),
	workers: WORKERS,
	// None of them makes a test slower; they only say how slow a machine may be.
	timeout: 240_000,
	expect: { timeout: 30_000, toPass: { timeout: 90_000 } },
	reporter: [['list'], [path.join(root, 'tests/support/playwright-count-reporter.ts')]],
	use: {
		viewport: { width: 1440, height: 900 },
		actionTimeout: 30_000,
		navigationTimeout: 60_000,
		// What a failure needs: actions and documents. A film of every test would take a good part of the cores.
		trace: { mode: 'retain-on-failure', screenshots: false },
		launchOptions: {
			executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	webServer: Array.from({ length: WORKERS }, (_, worker) => demo(worker))
});
