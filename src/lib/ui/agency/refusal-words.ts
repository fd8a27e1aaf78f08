import type { ErrorCode } from '#domain/errors.ts';

const WORDS: Partial<Record<ErrorCode, string>> = {
	not_allowed: 'not allowed',
	forbidden: 'never while impersonating',
	view_only: 'view only',
	frozen: 'frozen',
	no_recorder: 'not recorded',
	wrong_page: 'another page',
	impersonation_over: 'it was over',
	start_refused: 'start refused'
};

/** Why an attempt was refused, for a badge: "view only". Codes of later versions are shown as they are. */
export const refusalWords = (code: string | null): string =>
	(code && (WORDS[code as ErrorCode] ?? code.replaceAll('_', ' '))) || 'refused';
