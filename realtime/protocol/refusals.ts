// Why the hub says no. A code says what the caller should do, not what went wrong inside [E2].

export const REFUSALS = [
	'bad_origin',
	'client_too_old',
	'not_signed_in',
	'not_allowed',
	'impersonation_over',
	'wrong_page',
	'malformed',
	'unknown_event',
	'too_large',
	'too_fast',
	'try_later'
] as const;

/** The closed set of answers a refused handshake or event carries. */
export type Refusal = (typeof REFUSALS)[number];

/** Every acknowledgement of the wire: the answer, or the reason there is none. */
export type Reply<T> = ({ ok: true } & T) | { ok: false; refusal: Refusal };
