// Use cases that end what would otherwise grow for ever.
import { expireRecordings } from '../usecases/retention/expire-recordings.ts';
import { purgeLeftovers } from '../usecases/retention/purge-leftovers.ts';
import type { Parts } from './parts.ts';

export const composeRetention = ({ db, liveLog, config }: Parts) => ({
	expireRecordings: expireRecordings({ db, liveLog, days: config.recordingRetentionDays }),
	purgeLeftovers: purgeLeftovers({ db })
});
