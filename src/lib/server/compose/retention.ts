// Use cases that end what would otherwise grow for ever.
import { expireRecordings } from '../usecases/retention/expire-recordings.ts';
import { purgeLeftovers } from '../usecases/retention/purge-leftovers.ts';
import type { composeRecordings } from './recordings.ts';
import type { Parts } from './parts.ts';

type Beside = { recordings: Pick<ReturnType<typeof composeRecordings>, 'forget'> };

export const composeRetention = ({ db, liveLog, blobs, config }: Parts, { recordings }: Beside) => ({
	expireRecordings: expireRecordings({
		db,
		liveLog,
		blobs,
		forget: (pageId) => recordings.forget(pageId),
		days: config.recordingRetentionDays
	}),
	purgeLeftovers: purgeLeftovers({ db })
});
