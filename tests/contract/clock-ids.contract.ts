import { describe, expect, it } from 'vitest';
import { isUuid } from '#domain/ids.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Ids } from '#server/ports/ids.ts';

export function clockContract(name: string, clock: Clock): void {
	it(`clock: ${name} tells whole ms since the epoch`, () => {
		const before = Date.now();
		const now = clock.now();
		expect(Number.isInteger(now)).toBe(true);
		expect(now).toBeGreaterThanOrEqual(before);
		expect(now).toBeLessThanOrEqual(Date.now());
	});
}

export function idsContract(name: string, make: (clock: Clock) => Ids): void {
	const time = 1_790_000_000_000;
	const timeOf = (uuid: string) => Number.parseInt(uuid.replace('-', '').slice(0, 12), 16);

	describe(`ids: ${name}`, () => {
		it('are UUIDs of version 7 that carry the time', () => {
			const uuid = make({ now: () => time }).uuid();
			expect(isUuid(uuid)).toBe(true);
			expect(uuid[14]).toBe('7');
			expect(timeOf(uuid)).toBe(time);
		});

		it('sort in the order they were made, within one ms and when the clock is set back', () => {
			let now = time;
			const ids = make({ now: () => now });
			const made = Array.from({ length: 20_000 }, (_, at) => {
				if (at === 10_000) now -= 60_000;
				return ids.uuid();
			});
			expect(made).toEqual(made.toSorted());
			expect(new Set(made).size).toBe(made.length);
			expect(made.every(isUuid)).toBe(true);
		});

		it('make secrets of 256 bits that fit an address', () => {
			const ids = make({ now: () => time });
			const secrets = Array.from({ length: 1000 }, () => ids.secret());
			expect(new Set(secrets).size).toBe(1000);
			expect(secrets.every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true);
		});
	});
}
