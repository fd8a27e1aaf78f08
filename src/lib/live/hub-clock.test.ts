import { expect, it } from 'vitest';
import { HubClock } from './hub-clock.ts';

function clockAt() {
	const local = { now: 1_000 };
	return { local, clock: new HubClock(() => local.now) };
}

it('knows no hub time before the first answer', () => {
	expect(clockAt().clock.now()).toBeNull();
});

it('takes the hub to have answered in the middle of the round trip', () => {
	const { local, clock } = clockAt();
	const started = clock.start();
	local.now += 40;
	clock.answered(started, 900_020);
	expect(clock.now()).toBe(900_040);
	local.now += 500;
	expect(clock.now()).toBe(900_540);
});

it('keeps the answer of the shortest round trip', () => {
	const { local, clock } = clockAt();
	let started = clock.start();
	local.now += 10;
	clock.answered(started, 5_000_005);
	started = clock.start();
	local.now += 2_000;
	clock.answered(started, 5_009_999);
	expect(clock.now()).toBe(5_002_010);
});

it('lets a worse answer replace one that is too old', () => {
	const { local, clock } = clockAt();
	clock.answered(clock.start(), 5_000_000);
	local.now += 6 * 60_000;
	const started = clock.start();
	local.now += 100;
	clock.answered(started, 7_000_000);
	expect(clock.now()).toBe(7_000_050);
});
