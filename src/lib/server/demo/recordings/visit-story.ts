// The impersonations that the demo brings along: what was recorded of each, as an exported recording, and what log and views told of
// it. Made by `tests/demo-recordings/record.ts`; nothing in them is a number of this installation.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const HOUR = 60 * 60 * 1_000;

/** Which ones, the oldest first, and how long before the demo's first start each of them ended. */
export const BROUGHT = [
	{ name: 'support-bluebird', endedBeforeMs: 50 * HOUR },
	{ name: 'billing-bluebird', endedBeforeMs: 26 * HOUR },
	{ name: 'draft-cedar', endedBeforeMs: 3 * HOUR }
] as const;

const at = z.number();
const text = z.string().nullable();
const subject = { subjectType: text, subjectId: text };

const story = z.object({
	staff: z.string(),
	client: z.string(),
	contact: z.string(),
	mode: z.string(),
	reason: z.string(),
	ticket: z.string(),
	details: z.string(),
	createdAt: at,
	startedAt: at,
	endedAt: at,
	endReason: z.string(),
	idleLimitMs: z.number(),
	/** Ids as they were, in the order of the file's pages. */
	pages: z.array(z.string()),
	/** What pages looked like in boxes, these in base64. */
	sketches: z
		.array(
			z.object({
				page: z.string(),
				takenAt: at,
				shownMs: z.number(),
				width: z.number(),
				height: z.number(),
				boxes: z.base64()
			})
		)
		.nullish(),
	views: z.array(
		z.object({
			at,
			page: text,
			kind: z.string(),
			address: z.string(),
			...subject,
			label: text,
			status: z.number()
		})
	),
	actions: z.array(
		z.object({
			at,
			page: text,
			kind: z.string(),
			action: z.string(),
			...subject,
			outcome: z.enum(['done', 'refused']),
			refusal: text,
			details: z.record(z.string(), z.unknown())
		})
	),
	drafts: z
		.array(
			z.object({
				at,
				action: z.string(),
				input: z.record(z.string(), z.unknown()),
				label: z.string(),
				facts: z.array(z.unknown()),
				href: z.string()
			})
		)
		.nullable()
});
export type VisitStory = z.infer<typeof story>;

const beside = (file: string): URL => new URL(file, import.meta.url);

export const readStory = async (name: string): Promise<VisitStory> =>
	story.parse(JSON.parse(await readFile(beside(`${name}.json`), 'utf8')));

export const readRecording = (name: string): Promise<Buffer> => readFile(beside(`${name}.recording`));
