import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = (name: string, include: string[], slow = false) => ({
	test: {
		name,
		root,
		include,
		environment: 'node' as const,
		globalSetup: slow ? [fileURLToPath(new URL('support/shared-postgres.ts', import.meta.url))] : [],
		// Suites that start servers share two cores with them: one file at a time keeps their clocks honest.
		fileParallelism: !slow,
		testTimeout: slow ? 60_000 : 10_000,
		hookTimeout: slow ? 120_000 : 10_000
	}
});

export default defineConfig({
	root,
	test: {
		reporters: ['default', fileURLToPath(new URL('support/count-reporter.ts', import.meta.url))],
		projects: [
			project('unit', ['{src,realtime,recorder,bench}/**/*.test.ts']),
			project('architecture', ['tests/architecture/**/*.test.ts']),
			project('contract', ['tests/contract/**/*.test.ts'], true),
			project('integration', ['tests/integration/**/*.test.ts'], true),
			project('attack', ['tests/attack/**/*.test.ts'], true)
		]
	}
});
