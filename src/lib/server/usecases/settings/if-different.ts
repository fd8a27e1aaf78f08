// Saving what is stored already: nothing is written and nothing is logged, but the rights were asked all the same.
import type { Act } from '#server/db/act.ts';

/** Thrown by the work of a change that turned out to be none; never leaves `ifDifferent`. */
export class Unchanged extends Error {
	readonly value: unknown;

	/** @param value what the change answers then */
	constructor(value: unknown) {
		super('Nothing is different.');
		this.value = value;
	}
}

/** The gate, for work that may throw `Unchanged`: its transaction is rolled back, so that no row is left of it. */
export const ifDifferent =
	(act: Act): Act =>
	async <T>(...[actor, deed, work]: Parameters<typeof act<T>>): Promise<T> => {
		try {
			return await act<T>(actor, deed, work);
		} catch (caught) {
			if (caught instanceof Unchanged) return caught.value as T;
			throw caught;
		}
	};
