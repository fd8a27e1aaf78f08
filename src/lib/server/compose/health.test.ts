import { expect, it, vi } from 'vitest';
import type { Logger } from '../logger.ts';
import { createHealth } from './health.ts';

const log = { warn: () => undefined } as unknown as Logger;

it('asks the dependencies once for all who ask meanwhile, and within two seconds of the answer', async () => {
	let now = 0;
	let answer: (() => void) | undefined;
	const check = vi.fn(() => new Promise<void>((resolve) => (answer = resolve)));
	const health = createHealth({ database: check }, log, () => now);
	const asked = [health(), health()];
	now = 60_000;
	asked.push(health());
	answer?.();
	for (const each of asked) expect(await each).toEqual([{ dependency: 'database', isUp: true }]);
	now += 1_999;
	await health();
	expect(check).toHaveBeenCalledTimes(1);
	now += 1;
	const next = health();
	expect(check).toHaveBeenCalledTimes(2);
	answer?.();
	await next;
});

it('finds out within two seconds that one is silent, and that it is back', async () => {
	let now = 0;
	let isUp = true;
	const check = () => (isUp ? Promise.resolve() : Promise.reject(new Error('gone')));
	const health = createHealth({ redis: check }, log, () => now);
	const states: boolean[] = [];
	for (const state of [true, false, true]) {
		isUp = state;
		states.push(...(await health()).map((each) => each.isUp));
		now += 2_000;
	}
	expect(states).toEqual([true, false, true]);
});
