import { expect, it } from 'vitest';
import { PageOffsets } from './page-offsets.ts';

const HOUR = 3_600_000;
const READ = { wallMs: 0, monoMs: 0 };

/** A batch stamped at `wall`, received at once unless said otherwise. */
const at = (wall: number, mono: number, receivedAt = wall, reached = 0) => ({
	clock: { wall, mono },
	receivedAt,
	reached
});

it('uses the offset of the wall clock while nothing was set [R16]', () => {
	const offsets = new PageOffsets();
	offsets.note({ wall: 5_000, mono: 1_000 }, -250);
	expect(offsets.of(at(6_000, 2_030), { wallMs: -250, monoMs: 3_750 })).toBe(-250);
	expect(offsets.of({ clock: undefined, receivedAt: 0, reached: 0 }, { wallMs: 7, monoMs: null })).toBe(7);
});

it('keeps for a batch the offset of the setting by which it was stamped, however late it comes [R18]', () => {
	const offsets = new PageOffsets();
	offsets.note({ wall: 10_000, mono: 10_000 }, 0);
	// The clock was put forward by an hour while the page was offline; it connects again and sends what it had.
	offsets.note({ wall: 30_000 + HOUR, mono: 30_000 }, -HOUR);
	const read = { wallMs: -HOUR, monoMs: 0 };
	expect(offsets.of(at(15_000, 15_000, 30_000), read)).toBe(0);
	expect(offsets.of(at(31_000 + HOUR, 31_000, 31_000), read)).toBe(-HOUR);
});

it('tells a set clock from a slept machine where it saw no answer by that setting [R16, R18]', () => {
	const now = 10 * HOUR;
	const offsets = new PageOffsets();
	offsets.note({ wall: now, mono: now }, 0);
	// Set forward, set back, and slept for two hours: the batch comes before the next answer.
	expect(offsets.of(at(now + HOUR + 10, now + 10, now + 20, now), READ)).toBe(-HOUR);
	expect(offsets.of(at(now - HOUR + 10, now + 10, now + 20, now), READ)).toBe(HOUR);
	expect(offsets.of(at(now + 2 * HOUR, now + 10, now + 2 * HOUR + 5, now), READ)).toBe(0);
	// What was stamped before a sleep that nobody saw stays where the wall clock put it.
	expect(new PageOffsets().of(at(now, now, now + 2 * HOUR, now - 50), { wallMs: 0, monoMs: 2 * HOUR })).toBe(
		0
	);
});

it('remembers a bounded number of settings, the newest', () => {
	const offsets = new PageOffsets();
	for (let n = 0; n < 50; n++) offsets.note({ wall: n * HOUR, mono: 0 }, -n);
	expect(offsets.of(at(49 * HOUR, 0), { wallMs: 1, monoMs: null })).toBe(-49);
	expect(offsets.of(at(0, 0), { wallMs: 1, monoMs: null })).toBe(1);
});
