import { beforeEach, expect, it } from 'vitest';
import { PageBudget } from './page-budget.ts';

let now = 0;
let budget: PageBudget;
beforeEach(() => {
	now = 1_000;
	budget = new PageBudget(() => now);
});
const afterSeconds = (seconds: number): void => void (now += seconds * 1_000);

it('takes a first picture that costs a second and a busy page behind it', () => {
	budget.spendInLoop(1_000);
	for (let n = 0; n < 600; n++) {
		afterSeconds(1);
		budget.spendInLoop(50);
		expect([budget.isOverInLoop, budget.isOver]).toEqual([false, false]);
	}
});

it('sends a page that costs a third of a core out of the loop within ten seconds, and takes it back once it is quiet', () => {
	let seconds = 0;
	for (; !budget.isOverInLoop && seconds < 60; seconds++) {
		budget.spendInLoop(333);
		afterSeconds(1);
	}
	expect(seconds).toBeLessThan(10);
	expect(budget.isOver).toBe(false);
	afterSeconds(10);
	expect(budget.isOverInLoop).toBe(false);
});

it('refuses a page that costs a core wherever it is written, for as long as it takes to be paid for', () => {
	let seconds = 0;
	for (; !budget.isOver && seconds < 120; seconds++) {
		budget.spendElsewhere(1_000);
		afterSeconds(1);
	}
	expect(seconds).toBeGreaterThan(15);
	expect(seconds).toBeLessThan(30);
	// One batch that was under way when it was used up may cost what a batch may cost at most.
	budget.spendElsewhere(12_000);
	afterSeconds(40);
	expect(budget.isOver).toBe(true);
	afterSeconds(20);
	expect(budget.isOver).toBe(false);
});

it('saves up no more than a burst, and a clock that goes back gives nothing', () => {
	afterSeconds(86_400);
	budget.spendInLoop(2_100);
	expect(budget.isOverInLoop).toBe(true);
	now -= 3_600_000;
	expect(budget.isOverInLoop).toBe(true);
});
