// What hubs say to each other. Redis is ours, and still each message is parsed: one hub of another version must not break the
// others.
import { z } from 'zod';
import { controlAnswerSchema, controlOrderSchema, helpWordSchema, watcherSchema } from '#protocol/index.ts';

const moment = z.number().nullable();

const shownPage = z.object({
	pageId: z.uuid(),
	address: z.string(),
	title: z.string(),
	visible: z.boolean(),
	openedAt: z.number(),
	lastActiveAt: z.number(),
	goneAt: moment,
	lastBeatAt: moment,
	hasSnapshot: z.boolean(),
	claim: z.number()
});

const part = z.object({
	impersonationId: z.uuid(),
	pages: z.array(shownPage),
	watchers: z.array(watcherSchema)
});

/** What a hub holds of one impersonation. */
export type ToldPart = z.infer<typeof part>;

const word = z.discriminatedUnion('say', [
	/** All that changed; `whole`: all there is, and what is not in it is not held any more. Without parts: a sign of life. */
	z.object({ say: z.literal('parts'), whole: z.boolean(), parts: z.array(part) }),
	/** Somebody is new or missed something: say all there is. */
	z.object({ say: z.literal('ask') }),
	/** Whoever has the page's socket: a full snapshot of it is wanted [R15]. */
	z.object({ say: z.literal('snapshot'), pageId: z.uuid() }),
	/** Help that concerns sockets everywhere. */
	z.object({ say: z.literal('help'), help: helpWordSchema }),
	/** Whoever has the page's socket: this is to be done on it, and answered under the same name. */
	z.object({ say: z.literal('order'), request: z.string().max(100), order: controlOrderSchema }),
	z.object({ say: z.literal('answer'), request: z.string().max(100), answer: controlAnswerSchema }),
	/** Its sockets are closed: an orderly end. */
	z.object({ say: z.literal('bye') })
]);
export type HubWord = z.infer<typeof word>;

const envelope = z.object({
	/** First: by it a hub knows its own words without reading them. */
	hubId: z.uuid(),
	/** Counts the messages of this hub, so that a lost one is noticed. */
	n: z.number(),
	/** The speaker's clock, so that its times can be told on the listener's. */
	now: z.number(),
	word
});
export type HubMessage = z.infer<typeof envelope>;

/** @throws when it is no message of a hub */
export const readMessage = (text: string): HubMessage => envelope.parse(JSON.parse(text));
