// What of an error may stand in the log.

export type SafeError = {
	type: string;
	message: string;
	stack: string;
	code?: string;
	/** SQL with placeholders. */
	query?: string;
	cause?: SafeError;
};

/** Causes of causes that are told; a ring of them must end. */
const MAX_DEPTH = 4;

const textOf = (error: object, key: string): string | undefined => {
	const value = (error as Record<string, unknown>)[key];
	return typeof value === 'string' ? value : undefined;
};

/** The lines of the stack without the message that the engine writes above them. */
const framesOf = (error: Error): string =>
	(error.stack ?? '')
		.split('\n')
		.filter((line) => /^\s+at /.test(line))
		.join('\n');

/**
 * Named fields only, never all there are: the database layer hangs a failed query's parameters on its error and writes
 * them into its message and stack, and with them session tokens, hashes and what people typed [G4].
 */
export function safeError(error: unknown, depth = 0): SafeError {
	if (!(error instanceof Error))
		return { type: typeof error, message: 'Something else was thrown.', stack: '' };
	const query = 'params' in error ? textOf(error, 'query') : undefined;
	const code = textOf(error, 'code');
	return {
		type: error.name,
		message: query === undefined ? error.message : 'A query failed.',
		stack: framesOf(error),
		...(code !== undefined && { code }),
		...(query !== undefined && { query }),
		...(error.cause !== undefined && depth < MAX_DEPTH && { cause: safeError(error.cause, depth + 1) })
	};
}
