// What went wrong in the page itself: an error, a message on its console, a request that failed. Never a body, never a header.
// Stored format: changes only by adding [H4].
import { EVENT, isLoose, type RecordedEvent } from './events.ts';

/** The tag of its custom event. Apart from `CUSTOM_TAGS`: what notices faults is loaded behind the recorder. */
export const FAULT_TAG = 'fault';

export const FAULT_KINDS = ['error', 'rejection', 'console', 'request'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export type PageFault = {
	kind: FaultKind;
	/** What was said, on one line; of a request nothing. */
	text: string;
	/** `path:line:column` of a script, the address of a request; empty where it is not known. */
	where: string;
	/** Of a request. */
	method: string;
	/** Of a request's answer; 0 where none came. */
	status: number;
	/** How often it was seen since it was last told. */
	times: number;
};

/** Enough to know an error by; what is longer is somebody's data. */
export const MAX_FAULT_TEXT = 300;
export const MAX_FAULT_WHERE = 300;
const MAX_TIMES = 100_000;
/** More than a recorder of ours tells within the time of a batch: the rest is an attack on whoever reads the list. */
const MAX_IN_BATCH = 30;

const count = (value: unknown, most: number): number =>
	typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.min(most, Math.floor(value))) : 0;

/** One line that neither hides what follows it nor turns it round. */
const lineOf = (value: unknown, most: number): string =>
	typeof value === 'string'
		? value
				.slice(0, most)
				.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
				.toWellFormed()
				.trim()
		: '';

/** A fault of known fields, or null: recordings are hostile, these included. */
export function toPageFault(value: unknown): PageFault | null {
	if (!isLoose(value)) return null;
	const kind = FAULT_KINDS.find((known) => known === value.kind);
	if (!kind) return null;
	const isRequest = kind === 'request';
	const method = typeof value.method === 'string' && /^[A-Z]{1,10}$/.test(value.method) ? value.method : '';
	return {
		kind,
		text: isRequest ? '' : lineOf(value.text, MAX_FAULT_TEXT),
		where: lineOf(value.where, MAX_FAULT_WHERE),
		method: isRequest ? method : '',
		status: isRequest ? count(value.status, 999) : 0,
		times: Math.max(1, count(value.times, MAX_TIMES))
	};
}

/** A fault and which event of its batch told it. */
export type ToldFault = { event: number; fault: PageFault };

/** The same with its batch, on hub time. */
export type NotedFault = ToldFault & { seq: number; at: number };

/** Faults among the events of one batch. */
export function faultsIn(events: readonly RecordedEvent[]): ToldFault[] {
	const told: ToldFault[] = [];
	for (const [event, { type, data }] of events.entries()) {
		if (type !== EVENT.custom || !isLoose(data) || data.tag !== FAULT_TAG) continue;
		const fault = toPageFault(data.payload);
		if (fault && told.length < MAX_IN_BATCH) told.push({ event, fault });
	}
	return told;
}
