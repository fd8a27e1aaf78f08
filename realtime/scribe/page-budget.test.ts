import { beforeEach, expect, it } from 'vitest';
import { PageBudget, SessionBudget } from './page-budget.ts';

let now = 0;
let session: SessionBudget;
let budget: PageBudget;
beforeEach(() => {
	now = 1_000;
	session = new SessionBudget(() => now);
	budget = new PageBudget(() => now, session);
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

it('takes no more of a tab that reloads than of one that stays, and something of an honest tab beside a costly one', () => {
	let seconds = 0;
	for (; !session.isOver && seconds < 300; seconds += 2) {
		// Each time another page, which would have all of a page's burst.
		const page = new PageBudget(() => now, session);
		page.spendInLoop(1_000);
		page.spendElsewhere(1_000);
		afterSeconds(2);
	}
	expect(seconds).toBeLessThan(60);
	const next = new PageBudget(() => now, session);
	expect([next.isOver, next.isOverInLoop]).toEqual([true, true]);
	expect(new PageBudget(() => now, new SessionBudget(() => now)).isOver).toBe(false);
	afterSeconds(600);
	for (let n = 0; n < 600; n++) {
		if (!budget.isOver) budget.spendElsewhere(1_000);
		afterSeconds(1);
		expect(session.isOver).toBe(false);
	}
});
