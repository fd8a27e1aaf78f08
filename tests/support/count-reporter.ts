// Ends a vitest run with one line that a person and a program can read.
import type { Reporter, TestModule } from 'vitest/node';

export default class CountReporter implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
		let passed = 0;
		let skipped = 0;
		// An error outside any test fails the run: the line must not read as a clean one.
		let failed = unhandledErrors.length;
		for (const module of modules) {
			const before = failed;
			for (const test of module.children.allTests()) {
				const { state } = test.result();
				if (state === 'passed') passed += 1;
				else if (state === 'failed') failed += 1;
				else skipped += 1;
			}
			// A file that does not load has no tests to fail.
			if (module.state() === 'failed' && failed === before) failed += 1;
		}
		console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
	}
}
