// Take control: a moderator steers the recorded page, asked for and granted by the one inside. Each event has a schema, a size, a
// rate and a right, checked by the hub every time; the page refuses once more [K1–K8].
import { z } from 'zod';
import { CONTROL_KEYS } from './control-keys.ts';
import { MAX_TYPED_CHARS } from './limits.ts';
import type { Reply } from './refusals.ts';

const share = z.number().min(-0.01).max(1.01);
const node = z.number().int().min(1).max(2_000_000_000);
const distance = z.number().min(-10_000).max(10_000);

/** What a holder does, by its event on /watch. Elements are named by the recorder's ids, places by shares of their boxes. */
export const CONTROL_DEEDS = {
	'control:click': z.object({ kind: z.literal('click'), node, x: share, y: share }),
	'control:type': z.object({ kind: z.literal('type'), text: z.string().min(1).max(MAX_TYPED_CHARS) }),
	'control:scroll': z.object({ kind: z.literal('scroll'), node, dx: distance, dy: distance }),
	'control:select': z.object({ kind: z.literal('select'), node, index: z.number().int().min(0).max(10_000) }),
	'control:key': z.object({ kind: z.literal('key'), key: z.enum(CONTROL_KEYS) })
};
export type ControlEvent = keyof typeof CONTROL_DEEDS;

export const controlDeedSchema = z.discriminatedUnion('kind', [
	CONTROL_DEEDS['control:click'],
	CONTROL_DEEDS['control:type'],
	CONTROL_DEEDS['control:scroll'],
	CONTROL_DEEDS['control:select'],
	CONTROL_DEEDS['control:key']
]);
export type ControlDeed = z.infer<typeof controlDeedSchema>;

/** Which page is meant, and the number of the last batch that the holder's screen shows of it. */
const aim = { impersonationId: z.uuid(), pageId: z.uuid(), seq: z.number().int().min(0) };

/** A holder's message of one event. */
export const steerMessage = <E extends ControlEvent>(event: E) =>
	z.object({ ...aim, deed: CONTROL_DEEDS[event] });

export const controlOrderSchema = z.object({
	/** Of the control under which it is given: one that ended means nothing any more. */
	id: z.uuid(),
	impersonationId: z.uuid(),
	pageId: z.uuid(),
	seq: z.number().int().min(0),
	deed: controlDeedSchema
});
/** What the hub hands to the page. */
export type ControlOrder = z.infer<typeof controlOrderSchema>;

/** What became of it: done, or why the page did nothing. */
export const CONTROL_ANSWERS = [
	'done',
	'stale',
	'gone',
	'covered',
	'blocked',
	'secret',
	'personal',
	'file',
	'nowhere',
	'over',
	'unreachable'
] as const;
export const controlAnswerSchema = z.enum(CONTROL_ANSWERS);
export type ControlAnswer = z.infer<typeof controlAnswerSchema>;

export const controlStateSchema = z.object({
	id: z.uuid(),
	state: z.enum(['asked', 'held']),
	by: z.object({ staffId: z.uuid(), name: z.string() }),
	/** Hub time at which an unanswered request runs out, ms since the epoch. */
	until: z.number().nullable()
});
/** Somebody asks for control, or has it. */
export type ControlState = z.infer<typeof controlStateSchema>;

export const controlAnswerMessage = z.object({ id: z.uuid(), isGranted: z.boolean() });
export const controlTakeMessage = z.object({ id: z.uuid() });

/** Recorded page → hub. */
export type PageToControl = {
	'control:answer': (what: z.infer<typeof controlAnswerMessage>, ack: (reply: Reply<object>) => void) => void;
	'control:take': (what: z.infer<typeof controlTakeMessage>, ack: (reply: Reply<object>) => void) => void;
};

/** Hub → recorded page. */
export type ControlToPage = {
	'control:do': (order: ControlOrder, ack: (answer: ControlAnswer) => void) => void;
};

type Steer<E extends ControlEvent> = (
	what: z.infer<ReturnType<typeof steerMessage<E>>>,
	ack: (reply: Reply<{ answer: ControlAnswer }>) => void
) => void;

/** Watcher → hub. */
export type WatcherToControl = { [E in ControlEvent]: Steer<E> } & {
	'control:ask': (
		what: { impersonationId: string },
		ack: (reply: Reply<{ control: ControlState }>) => void
	) => void;
	/** Gives it back, or takes the request back. */
	'control:release': (what: { impersonationId: string }, ack: (reply: Reply<object>) => void) => void;
};
