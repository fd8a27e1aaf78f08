// The hub's table from error codes to the words of the wire [E3].
import { isAppError, type ErrorCode } from '#domain/errors.ts';
import type { Refusal } from '#protocol/refusals.ts';

const REFUSAL_OF: Record<ErrorCode, Refusal> = {
	not_signed_in: 'not_signed_in',
	not_allowed: 'not_allowed',
	// The same answer as for what one may not see, so that ids cannot be probed.
	not_found: 'not_allowed',
	invalid: 'malformed',
	view_only: 'not_allowed',
	frozen: 'not_allowed',
	forbidden: 'not_allowed',
	needs_approval: 'not_allowed',
	drafted: 'not_allowed',
	no_recorder: 'not_allowed',
	second_person: 'not_allowed',
	wrong_page: 'wrong_page',
	impersonation_over: 'impersonation_over',
	start_refused: 'not_allowed',
	already_impersonating: 'not_allowed',
	conflict: 'try_later',
	too_large: 'too_large',
	too_many: 'too_fast',
	try_later: 'try_later'
};

/** What the caller is told. An unknown error is a fault of ours: the caller may try again. */
export const refusalOf = (error: unknown): Refusal =>
	isAppError(error) ? REFUSAL_OF[error.code] : 'try_later';

/** The error of a refused handshake, as socket.io hands it to the client [C5]. */
export const handshakeError = (refusal: Refusal): Error & { data: { refusal: Refusal } } =>
	Object.assign(new Error(refusal), { data: { refusal } });
