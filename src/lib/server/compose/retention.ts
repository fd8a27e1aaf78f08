// Use cases that end what would otherwise grow for ever.
import { SCHEDULES } from '../jobs/catalogue.ts';
import { askErasure, readChoice } from '../usecases/erasures/ask-erasure.ts';
import { carryErasure, carryLeft } from '../usecases/erasures/carry-erasure.ts';
import { listErasures, readErasure, stopErasure } from '../usecases/erasures/read-erasure.ts';
import { eraseClient } from '../usecases/retention/erase-client.ts';
import { eraseRecording, readToErase } from '../usecases/retention/erase-recording.ts';
import { setAgencyRetention, setClientRetention } from '../usecases/retention/set-retention.ts';
import { holdClient } from '../usecases/retention/hold-client.ts';
import { noteRun } from '../usecases/retention/note-run.ts';
import { readClientRetention, readRetention } from '../usecases/retention/read-retention.ts';
import { expireRecordings } from '../usecases/retention/expire-recordings.ts';
import { expireRecords } from '../usecases/retention/expire-records.ts';
import { forgetMails } from '../usecases/retention/forget-mails.ts';
import { purgeLeftovers } from '../usecases/retention/purge-leftovers.ts';
import type { composeRecordings } from './recordings.ts';
import type { Parts } from './parts.ts';

type Beside = { recordings: Pick<ReturnType<typeof composeRecordings>, 'forget'> };

export const composeRetention = (
	{ db, act, ids, liveLog, blobs, mailer, config }: Parts,
	{ recordings }: Beside
) => ({
	eraseClient: eraseClient({ act }),
	forgetMails: forgetMails({ db, mailer, portalOrigin: config.portalOrigin }),
	readToErase: readToErase({ db }),
	eraseRecording: eraseRecording({ act, db }),
	readChoice: readChoice({ db }),
	askErasure: askErasure({ act, ids }),
	carryErasure: carryErasure({ act, db }),
	carryLeftErasures: carryLeft({ db, carry: carryErasure({ act, db }) }),
	readErasure: readErasure({ db }),
	listErasures: listErasures({ db }),
	stopErasure: stopErasure({ act }),
	expireRecordings: expireRecordings({
		db,
		liveLog,
		blobs,
		forget: (pageId) => recordings.forget(pageId),
		act,
		days: config.recordingRetentionDays
	}),
	setAgencyDays: setAgencyRetention({ act, installationDays: config.recordingRetentionDays }),
	setClientDays: setClientRetention({ act, installationDays: config.recordingRetentionDays }),
	holdClient: holdClient({ act, installationDays: config.recordingRetentionDays }),
	read: readRetention({ db, installationDays: config.recordingRetentionDays, schedule: SCHEDULES }),
	readClient: readClientRetention({ db, installationDays: config.recordingRetentionDays }),
	noteRun: noteRun({ db }),
	purgeLeftovers: purgeLeftovers({ db }),
	expireRecords: expireRecords({ db, act, installationDays: config.recordingRetentionDays })
});
