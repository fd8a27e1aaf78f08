// The web's one table from an error code to an answer [E3].
import type { ErrorCode } from '#domain/errors.ts';

type Answer = { status: number; /** What the contract's refusal header says. */ refusal: string | null };

export const HTTP: Record<ErrorCode, Answer> = {
	not_signed_in: { status: 401, refusal: null },
	not_allowed: { status: 403, refusal: 'not_allowed' },
	not_found: { status: 404, refusal: null },
	invalid: { status: 400, refusal: null },
	view_only: { status: 403, refusal: 'view_only' },
	frozen: { status: 403, refusal: 'frozen' },
	forbidden: { status: 403, refusal: 'forbidden' },
	no_recorder: { status: 403, refusal: 'no_recorder' },
	second_person: { status: 403, refusal: 'second_person' },
	needs_approval: { status: 403, refusal: 'not_allowed' },
	// Not done and no fault: it waits for the client's approval.
	drafted: { status: 202, refusal: null },
	wrong_page: { status: 403, refusal: 'no_recorder' },
	impersonation_over: { status: 410, refusal: 'impersonation_over' },
	start_refused: { status: 403, refusal: 'not_allowed' },
	already_impersonating: { status: 409, refusal: null },
	conflict: { status: 409, refusal: null },
	too_large: { status: 413, refusal: null },
	too_many: { status: 429, refusal: null },
	try_later: { status: 503, refusal: null }
};

/** Header of every refused answer (contract.md §Names). */
export const REFUSAL_HEADER = 'x-switchback-refusal';
