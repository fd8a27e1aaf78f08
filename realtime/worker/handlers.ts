// What each job does. Handlers may run twice and are written so that twice is the same as once [D6].
import type { AgencyId } from '#domain/ids.ts';
import type { App } from '#server/app.ts';
import type { JobHandlers } from '#server/jobs/queue.ts';
import type { OutboxTargets } from '#server/db/outbox.ts';

/** The handlers of every job in the catalogue; exhaustive by type. */
export const createHandlers = (app: App, targets: OutboxTargets): JobHandlers => ({
	'impersonations.sweep': () => app.impersonation.endOverdue(),
	'heads.sign': () => app.actionLog.signHeads(null),
	'head.sign': ({ agencyId }) => app.actionLog.signHeads(agencyId as AgencyId),
	'outbox.drain': () => app.actionLog.drain(targets),
	'notices.spread': ({ seqs }) => app.notices.spread(seqs),
	'mail.send': ({ mailId }) => app.notices.sendMail(mailId),
	'mails.daily': () => app.notices.mailOwners(),
	'mails.release': () => app.receipt.releaseLeft(),
	'mails.forget': () => app.retention.noteRun('mails.forget', () => app.retention.forgetMails()),
	'drafts.expire': () => app.drafts.expire(),
	'uploads.expire': () => app.retention.noteRun('uploads.expire', () => app.files.expireUploads()),
	'files.purge': () => app.retention.noteRun('files.purge', () => app.files.purge()),
	'tallies.fold': () => app.actionLog.foldTallies(),
	'subscriptions.renew': () => app.subscriptions.renewDue(),
	'leftovers.purge': () =>
		app.retention.noteRun(
			'leftovers.purge',
			async () => (await app.retention.purgeLeftovers()) + (await app.retention.expireRecords())
		),
	'recording.seal': ({ pageId }) => app.recordings.seal(pageId),
	'recordings.seal-left': () => app.recordings.sealLeft(),
	'recordings.index': () => app.recordings.index(),
	'recordings.assess': () => app.review.assessEnded(),
	'alerts.raise': () => app.alerts.raise(),
	'recordings.compact': () => app.retention.noteRun('recordings.compact', () => app.recordings.compact()),
	'recordings.sweep': () => app.retention.noteRun('recordings.sweep', () => app.recordings.sweepObjects()),
	'recordings.erase-chosen': async ({ erasureId }) => {
		await app.retention.carryErasure(erasureId);
		// What is left of them, at once: objects, batches, pictures that nothing else shows.
		await app.retention.noteRun('recordings.expire', () => app.retention.expireRecordings());
		await app.retention.noteRun('recordings.sweep', () => app.recordings.sweepObjects());
	},
	'recordings.expire': async () => {
		// First, since what it leaves is removed by the other; one of them failing keeps nothing of the other.
		try {
			await app.retention.carryLeftErasures();
		} finally {
			await app.retention.noteRun('recordings.expire', () => app.retention.expireRecordings());
		}
	}
});
