// Chance that repeats: the same seed gives the same demo on every machine.

export type Dice = {
	/** Whole number from `low` to `high`, both inclusive. */
	between(low: number, high: number): number;
	pick<T>(from: readonly T[]): T;
	/** True in `percent` of a hundred cases. */
	chance(percent: number): boolean;
};

/** Mulberry32: 32 bits of state are plenty for plausible content, and never used for a secret. */
export function createDice(seed: number): Dice {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
	const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
	return {
		between,
		pick: (from) => {
			const chosen = from[between(0, from.length - 1)];
			if (chosen === undefined) throw new Error('There is nothing to pick from.');
			return chosen;
		},
		chance: (percent) => next() * 100 < percent
	};
}
