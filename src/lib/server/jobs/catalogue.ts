// Every job there is: name, schema of its data, how often it is tried. Handlers are in realtime/worker.
import { z } from 'zod';

/** Actions to tell of. What an earlier release left waiting names one; it must not be lost over an update. */
const toldSeqs = z.union([
	z.object({ seqs: z.array(z.string()).min(1) }),
	z.object({ seq: z.string() }).transform(({ seq }) => ({ seqs: [seq] }))
]);

export const JOBS = {
	/** Ends impersonations past a limit and starts that were never entered. */
	'impersonations.sweep': { data: z.object({}), attempts: 1 },
	/** Signs the head of every agency's chain that moved. */
	'heads.sign': { data: z.object({}), attempts: 3 },
	/** Signs one agency's head at once: an impersonation ended. */
	'head.sign': { data: z.object({ agencyId: z.uuid() }), attempts: 5 },
	/** Delivers outbox rows whose process died between commit and delivery. */
	'outbox.drain': { data: z.object({}), attempts: 1 },
	/** Tells people of actions: notices at once, mails by their own job. */
	'notices.spread': { data: toldSeqs, attempts: 5 },
	/** Sends one mail; what is wrong stays on its row for an admin. */
	'mail.send': { data: z.object({ mailId: z.uuid() }), attempts: 8 },
	/** Tells owners of yesterday's impersonations, once for each client and day, and sends mails that lost their job. */
	'mails.daily': { data: z.object({}), attempts: 3 },
	/** Sends held mails that nobody decided on in the time of their receipt. */
	'mails.release': { data: z.object({}), attempts: 1 },
	/** Removes mails that were erased with their client. */
	'mails.forget': { data: z.object({}), attempts: 3 },
	/** Closes drafts that waited too long for the client's approval. */
	'drafts.expire': { data: z.object({}), attempts: 3 },
	/** Removes uploads that nobody went on with. */
	'uploads.expire': { data: z.object({}), attempts: 3 },
	/** Removes the bytes of files that were deleted long ago. */
	'files.purge': { data: z.object({}), attempts: 3 },
	/** Makes one row of the rows of each kept number. */
	'tallies.fold': { data: z.object({}), attempts: 1 },
	/** Makes the invoices of subscriptions that are due. */
	'subscriptions.renew': { data: z.object({}), attempts: 1 },
	/** Removes links, codes and counts that ran out, what was removed and never asked for again, and bookkeeping past its days. */
	'leftovers.purge': { data: z.object({}), attempts: 3 },
	/** Puts what is in the live log of one page into blocks. */
	'recording.seal': { data: z.object({ pageId: z.uuid() }), attempts: 5 },
	/** Seals what no other job has: ended impersonations, pages of a dead hub. */
	'recordings.seal-left': { data: z.object({}), attempts: 1 },
	/** Puts what could be read on sealed pages into the index of the search; older ones, too, until none is left. */
	'recordings.index': { data: z.object({}), attempts: 1 },
	/** Works out which recordings that ended should be reviewed, and why. */
	'recordings.assess': { data: z.object({}), attempts: 1 },
	/** Alerts overseers to what happened since, and to what runs. */
	'alerts.raise': { data: z.object({}), attempts: 1 },
	/** Makes larger blocks of those that are a week old. */
	'recordings.compact': { data: z.object({}), attempts: 3 },
	/** Removes objects of recordings that no row names. */
	'recordings.sweep': { data: z.object({}), attempts: 3 },
	/** Erases the recordings that somebody chose, one after the other. */
	'recordings.erase-chosen': { data: z.object({ erasureId: z.uuid() }), attempts: 5 },
	/** Removes recordings older than the retention, and goes on with an erasure that no job goes on with. */
	'recordings.expire': { data: z.object({}), attempts: 3 }
} as const;

export type JobName = keyof typeof JOBS;
export type JobRequest = { [N in JobName]: { name: N; data: z.infer<(typeof JOBS)[N]['data']> } }[JobName];

/** Jobs that run by the clock. */
export const SCHEDULES: { name: JobName; everyMs: number }[] = [
	{ name: 'impersonations.sweep', everyMs: 5_000 },
	{ name: 'outbox.drain', everyMs: 10_000 },
	{ name: 'heads.sign', everyMs: 60_000 },
	{ name: 'subscriptions.renew', everyMs: 60_000 },
	{ name: 'tallies.fold', everyMs: 60_000 },
	{ name: 'mails.daily', everyMs: 1_800_000 },
	{ name: 'mails.release', everyMs: 300_000 },
	{ name: 'mails.forget', everyMs: 3_600_000 },
	{ name: 'drafts.expire', everyMs: 600_000 },
	{ name: 'uploads.expire', everyMs: 900_000 },
	{ name: 'files.purge', everyMs: 3_600_000 },
	{ name: 'leftovers.purge', everyMs: 3_600_000 },
	{ name: 'recordings.seal-left', everyMs: 60_000 },
	{ name: 'recordings.index', everyMs: 15_000 },
	{ name: 'recordings.assess', everyMs: 15_000 },
	{ name: 'alerts.raise', everyMs: 5_000 },
	{ name: 'recordings.compact', everyMs: 3_600_000 },
	{ name: 'recordings.sweep', everyMs: 3_600_000 },
	{ name: 'recordings.expire', everyMs: 3_600_000 }
];
