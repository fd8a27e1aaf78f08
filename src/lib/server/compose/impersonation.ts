// Use cases of an impersonation's life: start, enter, stay, steer, end.
import { statfs } from 'node:fs/promises';
import { AppError } from '#domain/errors.ts';
import { endImpersonation } from '../usecases/impersonation/end-impersonation.ts';
import { endVisit } from '../usecases/impersonation/end-visit.ts';
import { endOverdue, endOwn, endSignedOut } from '../usecases/impersonation/end-overdue.ts';
import { enterImpersonation } from '../usecases/impersonation/enter-impersonation.ts';
import { enterZone } from '../usecases/impersonation/enter-zone.ts';
import {
	allowAct,
	forceView,
	freezeImpersonation,
	releaseImpersonation
} from '../usecases/impersonation/freeze-impersonation.ts';
import { PersonalKeys } from '../recordings/personal-keys.ts';
import { openPage, writeView } from '../usecases/impersonation/open-page.ts';
import { pageMasking } from '../usecases/impersonation/page-masking.ts';
import { readEnding } from '../usecases/impersonation/read-ending.ts';
import { readImpersonation, readImpersonationById } from '../usecases/impersonation/read-impersonation.ts';
import { startImpersonation } from '../usecases/impersonation/start-impersonation.ts';
import { touchCredentials } from '../usecases/impersonation/touch-credentials.ts';
import { switchMode } from '../usecases/impersonation/switch-mode.ts';
import type { Parts } from './parts.ts';

/** Below this much free disk no new impersonation may begin: its recording could not be kept (contract.md §Settings). */
const MIN_FREE_BYTES = 1_000_000_000;

const requireRoomIn = (folder: string) => async (): Promise<void> => {
	const { bavail, bsize } = await statfs(folder);
	if (bavail * bsize < MIN_FREE_BYTES)
		throw new AppError(
			'start_refused',
			'The server has less than 1 GB of free disk, so a recording could not be kept. Tell your operator.',
			{ reason: 'disk_full' }
		);
};

export function composeImpersonation(parts: Parts) {
	const { db, act, ids, tickets, config } = parts;
	const publish = (signal: Parameters<typeof parts.signals.publish>[0]) => parts.signals.publish(signal);
	const end = endImpersonation({ act, db });
	const personalKeys = new PersonalKeys({ db, ids, master: parts.masterKey });
	return {
		start: startImpersonation({
			act,
			ids,
			requireRoom: requireRoomIn(config.dataDir),
			endOwn: endOwn({ db, end })
		}),
		enter: enterImpersonation({ act, db, ids }),
		enterZone: enterZone({ act }),
		read: readImpersonation({ db }),
		readById: readImpersonationById({ db }),
		readEnding: readEnding({ db }),
		end,
		endVisit: endVisit({ act }),
		endOverdue: endOverdue({
			db,
			end,
			onError: (err) => parts.log.error({ event: 'impersonation.sweep_failed', err })
		}),
		endSignedOut: endSignedOut({ db, end }),
		freeze: freezeImpersonation({ act, db }),
		release: releaseImpersonation({ act, db }),
		forceView: forceView({ act, db }),
		allowAct: allowAct({ act, db }),
		switchMode: switchMode({ act }),
		touchCredentials: touchCredentials({ act }),
		openPage: openPage({ db, ids, tickets, maskingOf: pageMasking({ db, personalKeys }) }),
		writeView: writeView({ db, ids, publish })
	};
}
