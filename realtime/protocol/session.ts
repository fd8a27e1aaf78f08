// What the hub tells about a live impersonation, to the page that is recorded and to those who watch.
import { z } from 'zod';
import { controlStateSchema } from './control.ts';
import { RISK_KEYS } from '#domain/risk-words.ts';
import { WATCH_ROLES } from '#domain/watch-role.ts';

export const mode = z.enum(['view', 'act']);

export const watcherSchema = z.object({
	staffId: z.uuid(),
	name: z.string(),
	initials: z.string(),
	/** What they may do beside looking; not known of those a row alone tells of. */
	role: z.enum(WATCH_ROLES).optional()
});
/** Anyone viewing live, as the watched staff member is told. */
export type Watcher = z.infer<typeof watcherSchema>;

export const frozenSchema = z.object({ by: z.string(), note: z.string(), at: z.number() });

export const handSchema = z.object({ note: z.string(), at: z.number() });
/** The staff member asks for help. */
export type Hand = z.infer<typeof handSchema>;

const zoneStateSchema = z.object({ label: z.string(), isOpen: z.boolean() });
/** A two-person zone as the session's pages and watchers are told of it. */
export type ZoneState = z.infer<typeof zoneStateSchema>;

export const sessionStateSchema = z.object({
	mode,
	/** Hub time of the hard limit, ms since the epoch. */
	expiresAt: z.number(),
	/** Hub time at which the idle limit would end it if nothing happens, ms since the epoch. */
	idleAt: z.number(),
	/** Hub time of this message: the page counts down against it, never against its own clock. */
	hubNow: z.number(),
	frozen: frozenSchema.nullable(),
	/** A supervisor allows nothing but looking, until they allow Act again. */
	viewOnly: z.object({ by: z.string(), at: z.number() }).nullish(),
	/** A moderator asks for control of the pages, or has it. */
	control: controlStateSchema.nullish(),
	hand: handSchema.nullish(),
	/** The two-person zone gone to last; open while a second person is there. */
	zone: zoneStateSchema.nullish(),
	watchers: z.array(watcherSchema)
});
/** Pushed to every recorded page on each change; the banner is drawn from it. */
export type SessionState = z.infer<typeof sessionStateSchema>;

export const livePageSchema = z.object({
	pageId: z.uuid(),
	address: z.string(),
	title: z.string(),
	visible: z.boolean(),
	openedAt: z.number(),
	/** Hub time of the last pointer, key or scroll on it. */
	lastActiveAt: z.number(),
	/** False once its socket is gone. */
	connected: z.boolean()
});
/** One document load in one tab, while it is open. */
export type LivePage = z.infer<typeof livePageSchema>;

export const liveSessionSchema = z.object({
	impersonationId: z.uuid(),
	client: z.object({ id: z.uuid(), name: z.string() }),
	contact: z.object({ id: z.uuid(), name: z.string() }),
	staff: z.object({ id: z.uuid(), name: z.string() }),
	reason: z.string(),
	ticket: z.string().nullable(),
	startedAt: z.number(),
	recording: z.enum(['waiting', 'live', 'silent']),
	/** The page a following watcher is shown: the one last active. */
	activePageId: z.uuid().nullable(),
	pages: z.array(livePageSchema),
	/** What makes it worth a look so far, heaviest first; left out where nobody has counted yet. */
	risks: z.array(z.object({ key: z.enum(RISK_KEYS), count: z.number() })).optional(),
	...sessionStateSchema.shape
});
/** A row of the live list and the head of a live page. */
export type LiveSession = z.infer<typeof liveSessionSchema>;
