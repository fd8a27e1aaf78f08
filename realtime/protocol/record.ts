// Namespace /record: the recorded page and the hub. Portal host only; identity comes from the impersonation
// cookie and the page ticket of the handshake, never from a payload [W4].
import { z } from 'zod';
import type { ControlToPage, PageToControl } from './control.ts';
import type { HelpToAll, PageToHelp } from './help.ts';
import { MAX_BATCH_BYTES, MAX_PART_BYTES, PROTOCOL_VERSION } from './limits.ts';
import type { Refusal } from './refusals.ts';
import type { SessionState } from './session.ts';

export const RECORD_NAMESPACE = '/record';

export const recordHandshake = z.object({
	version: z.literal(PROTOCOL_VERSION),
	ticket: z.string().max(200),
	/** True on a connection that only hands over what an earlier document left behind: it proves no life [R11]. */
	handover: z.boolean().optional()
});

export const pageClock = z.object({ wall: z.number().finite(), mono: z.number().finite() });
/**
 * Two clocks of the page read in one moment: `wall` is its wall clock, by which events are stamped; `mono` is
 * performance.timeOrigin + performance.now(), which nobody can set but which may stand while the machine sleeps [R16].
 */
export type PageClockReading = z.infer<typeof pageClock>;

export const appendHeader = z.object({
	/** Number of the batch on this page, from 0 without holes. */
	seq: z.number().int().min(0),
	/** Which part of the batch this message holds, and of how many. */
	part: z.number().int().min(0),
	parts: z
		.number()
		.int()
		.min(1)
		.max(Math.ceil(MAX_BATCH_BYTES / MAX_PART_BYTES)),
	/** The page's clocks at the batch's first event; the same in every part and every time it is sent. */
	clock: pageClock.optional()
});
/** Envelope of one part of a batch. The bytes beside it are UTF-8 JSON: an array of rrweb events. */
export type AppendHeader = z.infer<typeof appendHeader>;

export const whereMessage = z.object({
	address: z.string().max(2_000),
	title: z.string().max(300),
	visible: z.boolean()
});
/** Where the page is now: sent on connect, on client-side navigation and when the tab is hidden or shown. */
export type Where = z.infer<typeof whereMessage>;

export const beatAnswer = z.object({ wall: z.number().finite(), mono: z.number().finite().optional() });
/** The page's clocks in ms; with the hub's own two readings they give the offset, as in NTP. */
export type BeatAnswer = z.infer<typeof beatAnswer>;

/**
 * `got`: every batch up to and including this number is in the live log; -1 before the first. A refusal carries it too:
 * after `try_later` or `too_fast` the page resends from `got + 1`, in order [R4].
 */
export type AppendReply = { ok: true; got: number } | { ok: false; refusal: Refusal; got: number };

/** Page → hub. */
export type RecordToHub = PageToHelp &
	PageToControl & {
		/** Bytes, or a batch in one part as text of the same JSON where the hub takes that [R22]. */
		'record:append': (
			header: AppendHeader,
			content: Uint8Array | string,
			ack: (reply: AppendReply) => void
		) => void;
		'record:where': (where: Where) => void;
	};

/** First message after a connection: resend what lies above `got`, and flush at once while `watched`. */
export type RecordReady = {
	got: number;
	/** Highest number in a sealed block, -1 before the first; a hub without it keeps nothing beyond `got` [R13]. */
	safe?: number;
	/** Base64 of 32 bytes, the same for all pages of one impersonation: what copies in the browser are kept under [R14]. */
	storeKey?: string;
	/** The hub takes a batch in one part as text [R22]. */
	takesText?: boolean;
	watched: boolean;
	state: SessionState;
};

/** Hub → page. */
export type RecordFromHub = HelpToAll &
	ControlToPage & {
		'record:ready': (ready: RecordReady) => void;
		/** Batches up to and including this number are in a sealed block: their copies may go [R13]. */
		'record:safe': (kept: { safe: number }) => void;
		/** Make one full snapshot in an idle moment: an event named a node nobody knows, or a watcher came late [R15]. */
		'record:snapshot': (asked: { why: 'unsure' | 'late' }) => void;
		'beat:ask': (ack: (answer: BeatAnswer) => void) => void;
		'session:changed': (state: SessionState) => void;
		/** The impersonation is over: flush, then show the end page. */
		'session:ended': (ended: { reason: string }) => void;
		/** What was sent could not be used; `record:append` answers in its own acknowledgement. */
		'record:refused': (refused: { refusal: Refusal }) => void;
	};
