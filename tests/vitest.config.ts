import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const sharedPostgres = fileURLToPath(new URL('support/shared-postgres.ts', import.meta.url));

/** Their clocks are what they test: beside others they would measure those. */
const TIMED = [
	'tests/integration/{hub-*,recorder-delivery,recorder-outlives,team-hub}.test.ts',
	'tests/attack/{hub-*,help-events,control-events,recorder-masking}.test.ts'
];

/** 100 kills and as many starts: an hour is more than a slow machine needs. */
const FAULT_TIMEOUT_MS = 3_600_000;

/** A poll waits for what comes, however busy the machine is; the second that it waits by default is a clock of its own. */
const patient = { expect: { poll: { timeout: 15_000 } } };

const unit = (name: string, include: string[]) => ({
	test: { name, root, include, environment: 'node' as const, maxWorkers: 2, testTimeout: 10_000, ...patient }
});

/** On a real PostgreSQL, each test on a database of its own. */
const slow = (
	name: string,
	include: string[],
	more: {
		testTimeout?: number;
		exclude?: string[];
		fileParallelism?: false;
		maxWorkers?: number;
		sequence?: { groupOrder: number };
	} = {}
) => ({
	test: {
		name,
		root,
		include,
		environment: 'node' as const,
		globalSetup: [sharedPostgres],
		// Two cores: a third worker makes each of the others slower by as much.
		maxWorkers: 2,
		testTimeout: 60_000,
		hookTimeout: 120_000,
		...patient,
		...more
	}
});

export default defineConfig({
	root,
	test: {
		reporters: ['default', fileURLToPath(new URL('support/count-reporter.ts', import.meta.url))],
		projects: [
			unit('unit', ['{src,realtime,recorder,bench}/**/*.test.ts', 'tests/faults/count-check.test.ts']),
			unit('architecture', ['tests/architecture/**/*.test.ts']),
			slow('contract', ['tests/contract/**/*.test.ts']),
			slow('integration', ['tests/integration/**/*.test.ts'], { exclude: TIMED }),
			slow('attack', ['tests/attack/**/*.test.ts'], { exclude: TIMED }),
			slow('timed', TIMED, { fileParallelism: false }),
			// Each with the whole product and a browser of its own, and nothing else beside them.
			slow('short-faults', ['tests/faults/short-*.test.ts'], {
				maxWorkers: 2,
				sequence: { groupOrder: 1 },
				// A start and a recovery are each given a minute.
				testTimeout: 240_000
			}),
			{
				test: {
					name: 'faults',
					root,
					include: ['tests/faults/full.test.ts', 'tests/faults/{soak,watch-soak}.test.ts'],
					environment: 'node' as const,
					testTimeout: FAULT_TIMEOUT_MS,
					hookTimeout: FAULT_TIMEOUT_MS
				}
			}
		]
	}
});
