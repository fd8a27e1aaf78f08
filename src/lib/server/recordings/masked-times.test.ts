import { describe, expect, it } from 'vitest';
import type { MaskedKind } from '#domain/masking.ts';
import { MaskedTimes, type HeldMask } from './masked-times.ts';
import { MASKED_PAUSE_MS, MAX_MASKED } from './seen-limits.ts';

const shown = (...kinds: MaskedKind[]): ReadonlySet<MaskedKind> => new Set(kinds);
const standing = (over: Partial<HeldMask> = {}): HeldMask => ({
	kind: 'personal',
	from: 1_000,
	to: 9_000,
	isOn: true,
	nth: 1,
	...over
});

describe('masked times of a page', () => {
	it('begin where something masked is seen, and end where it is not any more', () => {
		const times = new MaskedTimes([]);
		times.look(1_000, shown());
		times.look(3_000.4, shown('personal'));
		times.look(5_000, shown('personal', 'withheld'));
		times.look(8_000, shown('withheld'));
		times.reachTo(10_000);
		expect(times.result()).toEqual([
			{ kind: 'personal', from: 3_000, to: 8_000, isOn: false },
			{ kind: 'withheld', from: 5_000, to: 10_000, isOn: true }
		]);
	});
	it('go on from what the index holds as the same stretch', () => {
		const times = new MaskedTimes([standing()]);
		times.look(9_000, shown('personal'));
		times.reachTo(19_000);
		expect(times.result()).toEqual([{ kind: 'personal', from: 1_000, to: 19_000, isOn: true }]);
	});
	it('are told again only where they changed', () => {
		const times = new MaskedTimes([standing({ isOn: false })]);
		times.look(30_000, shown());
		times.reachTo(40_000);
		expect(times.result()).toEqual([]);
	});
	it('end where the screen was last known', () => {
		const times = new MaskedTimes([standing()]);
		times.forget();
		times.reachTo(60_000);
		expect(times.result()).toEqual([{ kind: 'personal', from: 1_000, to: 9_000, isOn: false }]);
	});
	it('are one where the pause is too short for anybody to see', () => {
		const times = new MaskedTimes([]);
		times.look(1_000, shown('personal'));
		times.look(2_000, shown());
		times.look(2_000 + MASKED_PAUSE_MS - 1, shown('personal'));
		times.look(4_000, shown());
		times.look(4_000 + MASKED_PAUSE_MS, shown('personal'));
		expect(times.result()).toEqual([
			{ kind: 'personal', from: 1_000, to: 4_000, isOn: false },
			{ kind: 'personal', from: 4_000 + MASKED_PAUSE_MS, to: 4_000 + MASKED_PAUSE_MS, isOn: true }
		]);
	});
	it('are no more than the limit, whatever a page does: the last one goes on over the pauses', () => {
		const times = new MaskedTimes([standing({ isOn: false, nth: MAX_MASKED - 1 })]);
		const step = MASKED_PAUSE_MS * 10;
		for (let at = 100_000; at < 100_000 + step * 20; at += step) {
			times.look(at, shown('personal', 'withheld'));
			times.look(at + step / 2, shown('withheld'));
		}
		expect(times.result()).toEqual([
			{ kind: 'personal', from: 100_000, to: 100_000 + step * 19.5, isOn: false },
			{ kind: 'withheld', from: 100_000, to: 100_000 + step * 19.5, isOn: true }
		]);
	});
});
