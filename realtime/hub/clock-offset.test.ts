import { expect, it } from 'vitest';
import { ClockOffset } from './clock-offset.ts';

it('knows nothing before the first reading', () => {
	expect(new ClockOffset().offsetMs).toBeNull();
});

it('believes the reading with the shortest round trip, since a slow one is off by half its delay', () => {
	const clock = new ClockOffset();
	clock.sample(1_000, 1_400, 6_390);
	clock.sample(2_000, 2_004, 7_002);
	clock.sample(3_000, 3_300, 8_010);
	expect(clock.offsetMs).toBe(-5_000);
});

it('forgets what it knew when the page’s clock was set', () => {
	const clock = new ClockOffset();
	clock.sample(1_000, 1_002, 1_001);
	clock.sample(2_000, 2_010, 3_602_005);
	expect(clock.offsetMs).toBe(-3_600_000);
});

it('follows a clock that drifts', () => {
	const clock = new ClockOffset();
	for (let n = 0; n < 100; n++) clock.sample(n * 4_000, n * 4_000 + 4, n * 4_000 + 2 + n);
	expect(clock.offsetMs).toBeLessThan(-90);
});
