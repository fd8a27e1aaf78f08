// How large "large" is. An agency grows by having more clients, not by each of them having more: all else follows from
// their number, so a tenth of the data is a tenth of the clients with as many rows each.
export type Scale = { clients: number };

export const FULL: Scale = { clients: 5_000 };
export const TENTH: Scale = { clients: 500 };

/** Rows for each client; with 5 000 clients a million tasks and three million actions. */
export const ROWS_PER_CLIENT = {
	contact: 3,
	task: 200,
	taskComment: 60,
	folder: 4,
	file: 40,
	invoice: 40,
	order: 12,
	subscription: 2,
	thread: 6,
	message: 60,
	notice: 20,
	announcement: 0.2,
	mail: 20,
	draft: 8,
	impersonation: 10,
	page: 30,
	view: 200,
	action: 600
} as const;

/** Colleagues beside the demo's; each client is looked after by two of them. */
export const STAFF = 40;
export const SERVICES = 30;

/** Over how long a time everything happened. */
export const YEARS = 2;
