import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Latest } from './latest.ts';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function stubborn(readMs: number, drawMs: number) {
	const log: string[] = [];
	let runs = 0;
	const latest = new Latest({
		run: async (signal, onRead) => {
			const run = ++runs;
			await new Promise((resolve) => setTimeout(resolve, readMs));
			if (signal.aborted) return void log.push(`${run} left`);
			onRead();
			await new Promise((resolve) => setTimeout(resolve, drawMs));
			log.push(`${run} seen`);
		},
		onDone: () => log.push('done'),
		onError: (error) => log.push(String(error))
	});
	return { latest, log };
}

it('finishes what is under way, then does the newest wish, and no other', async () => {
	const { latest, log } = stubborn(50, 50);
	for (let wish = 0; wish < 10; wish++) latest.ask();
	await vi.advanceTimersByTimeAsync(1_000);
	expect(log).toEqual(['1 seen', '2 seen', 'done']);
});

it('lets go of a read that takes long once something else is wished', async () => {
	const { latest, log } = stubborn(5_000, 10);
	latest.ask();
	await vi.advanceTimersByTimeAsync(100);
	latest.ask();
	await vi.advanceTimersByTimeAsync(4_000);
	expect(log).toEqual([]);
	await vi.advanceTimersByTimeAsync(2_000);
	expect(log).toEqual(['1 left', '2 seen', 'done']);
});

it('tells of a failure only when nothing newer is wished', async () => {
	let fails = true;
	const told: unknown[] = [];
	const latest = new Latest({
		run: async () => {
			await new Promise((resolve) => setTimeout(resolve, 10));
			if (fails) throw new Error('down');
		},
		onDone: () => told.push('done'),
		onError: () => told.push('failed')
	});
	latest.ask();
	latest.ask();
	await vi.advanceTimersByTimeAsync(15);
	fails = false;
	await vi.advanceTimersByTimeAsync(50);
	expect(told).toEqual(['done']);
	fails = true;
	latest.ask();
	await vi.advanceTimersByTimeAsync(50);
	expect(told).toEqual(['done', 'failed']);
	expect(latest.isBusy).toBe(false);
});
