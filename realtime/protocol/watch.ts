// Namespace /watch: supervisors and the hub. Agency host only; identity is the staff session of the handshake's
// cookie, and the right `supervise` is looked up again before each delivery.
import { z } from 'zod';
import type { WatcherToControl } from './control.ts';
import type { HelpToAll, HelpToWall, WatcherToHelp } from './help.ts';
import { PROTOCOL_VERSION } from './limits.ts';
import type { Reply } from './refusals.ts';
import type { LiveSession } from './session.ts';

export const WATCH_NAMESPACE = '/watch';

export const watchHandshake = z.object({ version: z.literal(PROTOCOL_VERSION) });

export const watchSession = z.object({ impersonationId: z.uuid() });
export const followPage = z.object({
	impersonationId: z.uuid(),
	pageId: z.uuid(),
	/** The watcher understands `page:checkpoint`; without it the stream begins with the first batch [V7]. */
	checkpoint: z.boolean().optional(),
	/** The watcher takes `page:batch` with its JSON as text, too; without it as bytes only [V8]. */
	text: z.boolean().optional()
});

export const batchHeaderSchema = z.object({
	pageId: z.uuid(),
	seq: z.number().int().min(0),
	/** Add to an event's timestamp to get hub time (ms). */
	offsetMs: z.number(),
	/** Hub time at which the batch was received (ms since the epoch). */
	receivedAt: z.number()
});
/** What stands beside the bytes of a batch once the hub has taken it. */
export type BatchHeader = z.infer<typeof batchHeaderSchema>;

/** A row of the action log, a view, or a fault of the page as a watcher's list shows it while it happens. */
export type LiveEntry = {
	id: string;
	at: number;
	kind: 'action' | 'refused' | 'view' | 'fault';
	title: string;
	subject: string | null;
	by: string;
};

/** Watcher → hub. */
export type WatchToHub = WatcherToHelp &
	WatcherToControl & {
		'wall:open': (ack: (reply: Reply<{ sessions: LiveSession[]; hubNow: number }>) => void) => void;
		'session:watch': (
			what: z.infer<typeof watchSession>,
			ack: (reply: Reply<{ session: LiveSession; hubNow: number }>) => void
		) => void;
		/** Sent every few seconds while the page can be seen: what makes a moderator a second person [V9]. */
		'session:look': (what: z.infer<typeof watchSession>, ack: (reply: Reply<object>) => void) => void;
		'session:leave': (ack: (reply: Reply<object>) => void) => void;
		/**
		 * Streams one page: a checkpoint, or all its batches, then the live ones, without hole or double.
		 * Only one page is streamed at a time; a further call replaces the former.
		 */
		'page:follow': (
			what: z.infer<typeof followPage>,
			ack: (reply: Reply<{ batches: number }>) => void
		) => void;
	};

/** Hub → watcher. */
export type WatchFromHub = HelpToAll &
	HelpToWall & {
		'wall:changed': (session: LiveSession) => void;
		'wall:gone': (gone: { impersonationId: string }) => void;
		'session:changed': (session: LiveSession) => void;
		'session:ended': (ended: { impersonationId: string; reason: string }) => void;
		'entry:logged': (entry: LiveEntry) => void;
		/** UTF-8 bytes, or text where the watcher takes that [V8]. */
		'page:batch': (header: BatchHeader, batch: Uint8Array | string) => void;
		/**
		 * What the page showed after the batch of that number: gzip of a batch of events on hub time. The stream goes on with the
		 * next number [V7].
		 */
		'page:checkpoint': (header: BatchHeader, packed: Uint8Array) => void;
		/** The watcher fell behind and batches were left out: forget the page's screen, `page:follow` again. */
		'page:behind': (page: { pageId: string }) => void;
		/** A right was lost; the connection is closed after it. */
		'watch:refused': (refused: { refusal: 'not_allowed' | 'not_signed_in' }) => void;
	};
