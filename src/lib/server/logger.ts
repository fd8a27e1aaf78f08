// JSON lines: a fixed event name and fields [G3]. Never recorded events, cookies, tickets or form values [G4].
import { pino, type Logger as Pino } from 'pino';
import type { LogLevel } from './config.ts';
import { safeError } from './safe-error.ts';

export type Logger = Pino;

/** Secrets that a careless caller might hand over inside an error or a request. */
const REDACTED = ['*.cookie', '*.headers', '*.ticket', '*.password', '*.token'];

export const createLogger = (level: LogLevel): Logger =>
	pino({
		level,
		base: undefined,
		redact: REDACTED,
		serializers: { err: (error: unknown) => safeError(error) },
		timestamp: pino.stdTimeFunctions.isoTime
	});
