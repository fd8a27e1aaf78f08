import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const root = fileURLToPath(new URL('..', import.meta.url));
const port = Number(process.env['E2E_PORT'] ?? 4173);
const dataDir = process.env['E2E_DATA_DIR'] ?? path.join(tmpdir(), `switchback-e2e-${process.pid}`);
process.env['E2E_PORT'] = String(port);
process.env['E2E_DATA_DIR'] = dataDir;

export default defineConfig({
	testDir: path.join(root, 'tests/e2e'),
	testMatch: '**/*.spec.ts',
	outputDir: path.join(root, 'test-results'),
	// One server, one browser, two cores: parallel walks would only slow each other's clocks.
	workers: 1,
	timeout: 120_000,
	expect: { timeout: 10_000 },
	reporter: [['list'], [path.join(root, 'tests/support/playwright-count-reporter.ts')]],
	use: {
		baseURL: `http://localhost:${port}`,
		viewport: { width: 1440, height: 900 },
		trace: 'retain-on-failure',
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
	webServer: {
		command: 'node realtime/launch.mjs demo',
		cwd: root,
		url: `http://localhost:${port}/readyz`,
		timeout: 120_000,
		stdout: 'pipe',
		gracefulShutdown: { signal: 'SIGTERM', timeout: 12_000 },
		env: { PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' }
	}
});
