// What a list is asked as, and how many addresses of one list become calls.
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import type { App } from '#server/app.ts';

/** Two of the agency's, so that a list is asked as a Super Admin and for one client after another. */
export type Asker = { app: App; staff: StaffActor; contact: ClientActor };

export type Call = (asker: Asker) => Promise<unknown>;

/** One call for each address of a list. */
export function each<Filters>(
	name: string,
	schema: { parse(address: unknown): Filters },
	list: (app: App) => (staff: StaffActor, filters: Filters) => Promise<unknown>,
	addresses: readonly Record<string, string>[]
): Record<string, Call> {
	return Object.fromEntries(
		addresses.map((address) => {
			const query = new URLSearchParams(address).toString();
			const call: Call = ({ app, staff }) => list(app)(staff, schema.parse(address));
			return [query ? `${name}?${query}` : name, call];
		})
	);
}

/** One call for each order that a list's column heads put it in. */
export const sorted = <const Sort extends string>(
	name: string,
	sorts: readonly Sort[],
	call: (sort: Sort) => Call
): Record<string, Call> => Object.fromEntries(sorts.map((sort) => [`${name}?sort=${sort}`, call(sort)]));
