// Every event of a connection passes here: known name, rate, schema, then its handler. Nothing else listens on a socket, so
// an event that is not in the table can do nothing but count as an offence [C6].
import type { z } from 'zod';
import type { Refusal } from '#protocol/refusals.ts';
import { FLOOD_BURST, FLOOD_PER_SECOND, MAX_OFFENCES } from './hub-limits.ts';
import { RateBucket } from './rate-bucket.ts';

/** Answers the caller; where it asked for no acknowledgement, says nothing. */
export type Answer = (reply: unknown) => void;

export type EventRule = {
	/** Whether this message fits the rate; its arguments are not checked yet. */
	admits(now: number, args: readonly unknown[]): boolean;
	handle(args: readonly unknown[], answer: Answer): Promise<void> | void;
	/** Fields every refusal of this event carries beside its code. */
	refusalExtra?(): Record<string, unknown>;
};

/** Thrown by a handler for arguments that fit no schema. */
export class Malformed extends Error {}

/** Parses a payload once, at the door [W1]. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
	const result = schema.safeParse(value);
	if (!result.success) throw new Malformed('payload');
	return result.data;
}

/** What of a socket.io socket this needs; both namespaces' sockets fit. */
export type ServedSocket = {
	onAny(listener: (event: string, ...args: unknown[]) => void): unknown;
	on(event: 'error', listener: (error: Error) => void): unknown;
	disconnect(close: boolean): unknown;
};

export type ServeOptions = {
	rules: Record<string, EventRule>;
	now(): number;
	onRefused(refusal: Refusal): void;
	onError(error: unknown, event: string): void;
	/** Tells a caller that asked for no acknowledgement. */
	tellRefused(refusal: Refusal): void;
};

const noAnswer: Answer = () => undefined;

/** Serves the table's events on a socket. */
export function serveEvents(socket: ServedSocket, options: ServeOptions): void {
	const { rules, now, onRefused, onError } = options;
	const flood = new RateBucket(FLOOD_BURST, FLOOD_PER_SECOND);
	let offences = 0;

	const refuse = (refusal: Refusal, answer: Answer, rule?: EventRule): void => {
		onRefused(refusal);
		if (answer === noAnswer) options.tellRefused(refusal);
		else answer({ ok: false, refusal, ...rule?.refusalExtra?.() });
	};
	const offend = (refusal: Refusal, answer: Answer, rule?: EventRule): void => {
		refuse(refusal, answer, rule);
		if (++offences >= MAX_OFFENCES) socket.disconnect(true);
	};

	// Without a listener a parser's complaint would be thrown as an unhandled 'error' event.
	socket.on('error', (error) => onError(error, 'socket'));
	socket.onAny((event, ...args) => {
		const answer = typeof args.at(-1) === 'function' ? (args.pop() as Answer) : noAnswer;
		// Attack: an event named `__proto__` or `constructor` must not find what every object has.
		const rule = Object.hasOwn(rules, event) ? rules[event] : undefined;
		if (!rule) return offend('unknown_event', answer);
		if (!rule.admits(now(), args)) {
			refuse('too_fast', answer, rule);
			if (!flood.take(now())) socket.disconnect(true);
			return;
		}
		const failed = (error: unknown): void => {
			if (error instanceof Malformed) return offend('malformed', answer, rule);
			onError(error, event);
			refuse('try_later', answer, rule);
		};
		try {
			const running = rule.handle(args, answer);
			if (running) running.catch(failed);
		} catch (error) {
			failed(error);
		}
	});
}
