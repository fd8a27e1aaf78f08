// The one error class. A code says what the caller should do [E2]; each edge turns codes into answers in one table [E3].

export const ERROR_CODES = [
	'not_signed_in',
	'not_allowed',
	'not_found',
	'invalid',
	'view_only',
	'frozen',
	'forbidden',
	'no_recorder',
	'second_person',
	'needs_approval',
	'drafted',
	'wrong_page',
	'impersonation_over',
	'start_refused',
	'already_impersonating',
	'conflict',
	'too_large',
	'too_many',
	'try_later'
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

const BRAND = Symbol.for('switchback.AppError');

/**
 * An expected failure. `message` is one or two plain sentences: what happened and what to do; it is logged and shown,
 * so it never holds a secret.
 */
export class AppError extends Error {
	readonly code: ErrorCode;
	readonly details: Readonly<Record<string, unknown>>;
	// Errors cross from the process into SvelteKit's bundle, where `instanceof` fails: both sides look for the brand.
	readonly [BRAND] = true;

	constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
		super(message);
		this.name = 'AppError';
		this.code = code;
		this.details = details;
	}
}

export const isAppError = (error: unknown): error is AppError =>
	typeof error === 'object' && error !== null && BRAND in error;
