// Ends a Playwright run with the same line as the vitest one.
import type { FullResult, Reporter, Suite } from '@playwright/test/reporter';

export default class PlaywrightCountReporter implements Reporter {
	#suite: Suite | null = null;
	#errorsOutsideTests = 0;

	onBegin(_config: unknown, suite: Suite): void {
		this.#suite = suite;
	}

	onError(): void {
		this.#errorsOutsideTests += 1;
	}

	onEnd(_result: FullResult): void {
		const tests = this.#suite?.allTests() ?? [];
		// A test that passes only when tried again is a failure here: it hides a race.
		const outcomes = tests.map((test) => test.outcome());
		const passed = outcomes.filter((outcome) => outcome === 'expected').length;
		const skipped = outcomes.filter((outcome) => outcome === 'skipped').length;
		const failed = outcomes.length - passed - skipped + this.#errorsOutsideTests;
		console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
	}

	printsToStdio(): boolean {
		return true;
	}
}
