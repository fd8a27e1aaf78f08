// Use cases that end what would otherwise grow for ever.
import { eraseClient } from '../usecases/retention/erase-client.ts';
import { eraseRecording, readToErase } from '../usecases/retention/erase-recording.ts';
import { expireRecordings } from '../usecases/retention/expire-recordings.ts';
import { forgetMails } from '../usecases/retention/forget-mails.ts';
import { purgeLeftovers } from '../usecases/retention/purge-leftovers.ts';
import type { composeRecordings } from './recordings.ts';
import type { Parts } from './parts.ts';

type Beside = { recordings: Pick<ReturnType<typeof composeRecordings>, 'forget'> };

export const composeRetention = (
	{ db, act, liveLog, blobs, mailer, config, signals }: Parts,
	{ recordings }: Beside
) => ({
	eraseClient: eraseClient({ act }),
	forgetMails: forgetMails({ db, mailer, portalOrigin: config.portalOrigin }),
	readToErase: readToErase({ db }),
	eraseRecording: eraseRecording({ act, db }),
	expireRecordings: expireRecordings({
		db,
		liveLog,
		blobs,
		forget: (pageId) => recordings.forget(pageId),
		publish: (signal) => signals.publish(signal),
		days: config.recordingRetentionDays
	}),
	purgeLeftovers: purgeLeftovers({ db })
});
