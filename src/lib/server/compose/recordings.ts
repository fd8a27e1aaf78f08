// Use cases of recordings: find, open, replay; and what a live page shows beside the picture.
import { listRecordings } from '../usecases/recordings/list-recordings.ts';
import { openReplay } from '../usecases/recordings/open-replay.ts';
import { readPageBatches } from '../usecases/recordings/read-page-batches.ts';
import { readRecording } from '../usecases/recordings/read-recording.ts';
import { readSupervised } from '../usecases/recordings/read-supervised.ts';
import type { Parts } from './parts.ts';

export const composeRecordings = ({ db, act, liveLog }: Parts) => ({
	list: listRecordings({ db, liveLog }),
	read: readRecording({ db, liveLog }),
	readSupervised: readSupervised({ db }),
	readPageBatches: readPageBatches({ db, liveLog }),
	openReplay: openReplay({ act, db })
});
