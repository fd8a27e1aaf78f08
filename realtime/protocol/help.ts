// Help while watching: wireframes for the wall, chat, a raised hand, pointing and drawing. Sent on both namespaces beside what
// they carry anyway; rights, sizes and rates are checked by the hub at every event [H1].
import { z } from 'zod';
import {
	MAX_CHAT_CHARS,
	MAX_HAND_CHARS,
	MAX_POINTS_AT_ONCE,
	MAX_SKETCH_BOXES,
	NUMBERS_PER_BOX,
	SKETCH_STEPS
} from './limits.ts';
import type { Reply } from './refusals.ts';

const step = z.number().int().min(0).max(SKETCH_STEPS);

export const sketchMessage = z.object({
	/** The page's viewport in CSS pixels. */
	width: z.number().int().min(1).max(20_000),
	height: z.number().int().min(1).max(20_000),
	/** Kind, left, top, width, height of each box, one after the other; left out while they are as before. */
	boxes: z
		.array(step)
		.max(MAX_SKETCH_BOXES * NUMBERS_PER_BOX)
		.refine((numbers) => numbers.length % NUMBERS_PER_BOX === 0)
		.optional(),
	/** Where the pointer is, or null. */
	at: z.tuple([step, step]).nullable()
});
/** What a page looks like in boxes, without a word of it: measured by the page itself, rarely [H2]. */
export type SketchMessage = z.infer<typeof sketchMessage>;
export type Sketch = SketchMessage & { boxes: number[] };

export const helperSchema = z.object({ staffId: z.uuid(), name: z.string() });
/** Who helps, as the server knows them. */
export type Helper = z.infer<typeof helperSchema>;

export const helpMessageSchema = z.object({
	id: z.uuid(),
	at: z.number(),
	by: helperSchema,
	/** Written by the one inside. */
	isInside: z.boolean(),
	text: z.string()
});
/** One line of the conversation between watchers and the staff member. */
export type HelpMessage = z.infer<typeof helpMessageSchema>;

const share = z.number().min(-20).max(20);
const node = z.number().int().min(0).max(2_000_000_000);

/** A place on the page: shares of the box of a recorded element, never coordinates (design.md §6). */
export const placeSchema = z.object({ node, x: share, y: share });
export type Place = z.infer<typeof placeSchema>;

const pageOf = { impersonationId: z.uuid(), pageId: z.uuid() };
export const pointMessage = z.object({ ...pageOf, at: placeSchema.nullable() });
export const drawMessage = z.object({
	...pageOf,
	/** The drawer's name for the stroke. */
	stroke: z.number().int().min(0).max(1_000_000),
	/** The element that all its points are shares of. */
	node,
	points: z.array(z.tuple([share, share])).max(MAX_POINTS_AT_ONCE),
	isEnd: z.boolean()
});
export const writeMessage = z.object({
	impersonationId: z.uuid(),
	text: z.string().trim().min(1).max(MAX_CHAT_CHARS)
});
export const insideMessage = writeMessage.pick({ text: true });
export const handMessage = z.object({
	isRaised: z.boolean(),
	note: z.string().trim().max(MAX_HAND_CHARS).default('')
});
/** One stretch of pointing or drawing as the log keeps it; the times within it are missing in rows of before there were any [H4]. */
export const shownStretch = z.object({
	pageId: z.uuid(),
	/** Hub time at which it began, and how long it went on. */
	at: z.number(),
	ms: z.number().min(0),
	/** Where the pointer was, and how long after the beginning. */
	places: z.array(placeSchema.extend({ ms: z.number().optional() })),
	strokes: z.array(
		z.object({
			node,
			points: z.array(z.tuple([share, share])),
			from: z.number().optional(),
			to: z.number().optional()
		})
	)
});
/** With whose it is. */
export type ShownStretch = z.infer<typeof shownStretch> & { by: Helper };

export const tilesMessage = z.object({ isOn: z.boolean() });

export const markSchema = z.discriminatedUnion('kind', [
	z.object({
		kind: z.literal('point'),
		by: helperSchema,
		pageId: z.uuid(),
		at: placeSchema.nullable()
	}),
	z.object({
		kind: z.literal('draw'),
		by: helperSchema,
		...drawMessage.omit({ impersonationId: true }).shape
	})
]);
/** What a helper shows on the screen, stamped by the server. */
export type Mark = z.infer<typeof markSchema>;

/** Said to everybody whom it concerns, at every hub. */
export const helpWordSchema = z.discriminatedUnion('about', [
	z.object({ about: z.literal('message'), impersonationId: z.uuid(), message: helpMessageSchema }),
	z.object({ about: z.literal('mark'), impersonationId: z.uuid(), mark: markSchema }),
	z.object({ about: z.literal('sketch'), impersonationId: z.uuid(), pageId: z.uuid(), sketch: sketchMessage })
]);
export type HelpWord = z.infer<typeof helpWordSchema>;

type Conversation = { messages: HelpMessage[] };

/** Recorded page → hub. Everything is answered: what is refused otherwise ends the recording of the page. */
export type PageToHelp = {
	'help:sketch': (sketch: SketchMessage, ack: (reply: Reply<object>) => void) => void;
	'help:open': (ack: (reply: Reply<Conversation>) => void) => void;
	'help:write': (what: z.infer<typeof insideMessage>, ack: (reply: Reply<object>) => void) => void;
	'help:hand': (what: z.input<typeof handMessage>, ack: (reply: Reply<object>) => void) => void;
};

/** Somebody asks for help, or not any more. */
export type RaisedHand = {
	impersonationId: string;
	client: string;
	staff: { id: string; name: string };
	hand: { note: string; at: number } | null;
};

/** Watcher → hub. */
export type WatcherToHelp = {
	/** Wireframes of all sessions are wanted, or not any more. */
	'wall:tiles': (what: z.infer<typeof tilesMessage>, ack: (reply: Reply<object>) => void) => void;
	/** On duty: whoever asks for help anywhere in the agency is to be told. Answers with those who ask now. */
	'duty:open': (ack: (reply: Reply<{ hands: RaisedHand[] }>) => void) => void;
	'help:open': (
		what: { impersonationId: string },
		ack: (reply: Reply<Conversation & { mayHelp: boolean }>) => void
	) => void;
	'help:write': (what: z.infer<typeof writeMessage>, ack: (reply: Reply<object>) => void) => void;
	/** The raised hand was seen to. */
	'help:answer': (what: { impersonationId: string }, ack: (reply: Reply<object>) => void) => void;
	'help:point': (what: z.infer<typeof pointMessage>, ack: (reply: Reply<object>) => void) => void;
	'help:draw': (what: z.infer<typeof drawMessage>, ack: (reply: Reply<object>) => void) => void;
};

/** Hub → both. */
export type HelpToAll = {
	'help:message': (message: HelpMessage) => void;
	'help:mark': (mark: Mark) => void;
};

/** Hub → wall, and to whoever is on duty. */
export type HelpToWall = {
	'duty:hand': (raised: RaisedHand) => void;
	'wall:sketch': (told: { impersonationId: string; pageId: string; sketch: Sketch }) => void;
};
