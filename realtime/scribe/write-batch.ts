// What the hub keeps and shows of a batch: decoded, made safe, written anew. Without a process, so that small batches are
// written where they come and large ones elsewhere (scribe.ts), by the same code.
import { isInteraction } from '#recorder/format/activity.ts';
import { decodeBatch, decodeText, encodeBatch, EVENT, type RecordedEvent } from '#recorder/format/events.ts';
import { makeSafe, type SafeOptions } from '#recorder/format/make-safe.ts';
import { faultsIn, type ToldFault } from '#recorder/format/page-fault.ts';
import type { Work } from './turns.ts';

/** A whole batch as it came: the bytes of its parts, or its text [R22]. */
export type Content = Uint8Array | string;

/** A batch as it may be kept and shown [R6]. */
export type SafeBatch = {
	bytes: Uint8Array<ArrayBuffer>;
	/** When each of its events happened, by the page's clock. */
	times: number[];
	hasSnapshot: boolean;
	/** What went wrong in the page. */
	faults: ToldFault[];
	/** Somebody did something, by what was sent. */
	interaction: boolean;
};

/** The batch's events as they were sent, or null when it is not one. Whatever was wrong with it is nobody's to log [G4]. */
export function readContent(content: Content): RecordedEvent[] | null {
	try {
		return typeof content === 'string' ? decodeText(content) : decodeBatch(content);
	} catch {
		return null;
	}
}

/** Attack: script planted in a recording [R6]. */
export const writeBatch = (raw: RecordedEvent[], safety: Required<SafeOptions>): SafeBatch =>
	kept(raw, makeSafe(raw, safety));

/** A batch from its content on, in pieces, so that other work can be done between them; null where it is none. */
export function* pieces(content: Content, safety: Required<SafeOptions>): Work<SafeBatch | null> {
	const raw = readContent(content);
	yield;
	if (!raw) return null;
	const events = makeSafe(raw, safety);
	yield;
	return kept(raw, events);
}

function kept(raw: RecordedEvent[], events: RecordedEvent[]): SafeBatch {
	return {
		bytes: encodeBatch(events),
		times: events.map(({ timestamp }) => timestamp),
		hasSnapshot: events.some(({ type }) => type === EVENT.fullSnapshot),
		faults: faultsIn(events),
		interaction: raw.some(isInteraction)
	};
}
