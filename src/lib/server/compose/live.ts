// Use cases of the live side: what the hub and the live page ask.
import { closeStaleWatches } from '../usecases/live/close-stale-watches.ts';
import { joinWatch } from '../usecases/live/join-watch.ts';
import { leaveWatch } from '../usecases/live/leave-watch.ts';
import { noteFaults } from '../usecases/live/note-faults.ts';
import { noteHub } from '../usecases/live/note-hub.ts';
import { notePulses } from '../usecases/live/note-pulses.ts';
import { readEntry } from '../usecases/live/read-entry.ts';
import { readLiveSessions } from '../usecases/live/read-live-sessions.ts';
import { readSealed } from '../usecases/live/read-sealed.ts';
import { resolveRecorder } from '../usecases/live/resolve-recorder.ts';
import { resolveWatcher } from '../usecases/live/resolve-watcher.ts';
import { sweepLive } from '../usecases/live/sweep-live.ts';
import { answerControl } from '../usecases/supervision/answer-control.ts';
import { askControl } from '../usecases/supervision/ask-control.ts';
import { keepControls } from '../usecases/supervision/keep-controls.ts';
import { markOrder } from '../usecases/supervision/mark-order.ts';
import { noteLook } from '../usecases/supervision/note-look.ts';
import { noteMarks } from '../usecases/supervision/note-marks.ts';
import { noteOrders } from '../usecases/supervision/note-orders.ts';
import { noteSketch } from '../usecases/supervision/note-sketch.ts';
import { answerHand, raiseHand } from '../usecases/supervision/raise-hand.ts';
import { readMessages } from '../usecases/supervision/read-messages.ts';
import { readRisks } from '../usecases/supervision/read-risks.ts';
import { releaseControl } from '../usecases/supervision/release-control.ts';
import { takeControlBack } from '../usecases/supervision/take-control-back.ts';
import { turnZone } from '../usecases/supervision/turn-zone.ts';
import { writeMessage } from '../usecases/supervision/write-message.ts';
import { readImpersonationToken } from '../sign-in/impersonation-cookie.ts';
import { createStoreKeys } from '../sign-in/store-key.ts';
import type { composeImpersonation } from './impersonation.ts';
import type { composeSignIn } from './sign-in.ts';
import type { Parts } from './parts.ts';

type Beside = {
	end: ReturnType<typeof composeImpersonation>['end'];
	signIn: ReturnType<typeof composeSignIn>;
};

export function composeLive(parts: Parts, { end, signIn }: Beside) {
	const { db, act, ids, clock, tickets, log, secret, config } = parts;
	const staffSessionOf = async (cookieHeader: string | undefined) => {
		const session = await signIn.staffSession(cookieHeader);
		const staff = session && (await signIn.readStaffContext(session));
		return staff ? staff.actor : null;
	};
	return {
		resolveRecorder: resolveRecorder({ db, readImpersonationToken, verifyPageTicket: tickets.verify }),
		resolveWatcher: resolveWatcher({ db, staffSessionOf }),
		readLiveSessions: readLiveSessions({ db }),
		notePulses: notePulses({ db }),
		noteFaults: noteFaults({ db, publish: (signal) => parts.signals.publish(signal) }),
		joinWatch: joinWatch({ act, db, ids }),
		leaveWatch: leaveWatch({ act, db }),
		noteHub: noteHub({ db }),
		// A second hub needs a Redis between them.
		closeStaleWatches: closeStaleWatches({ act, db, isAlone: config.redisUrl === null }),
		sweepLive: sweepLive({
			db,
			endImpersonation: end,
			turnZone: turnZone({ act, db }),
			onError: (err) => log.error({ event: 'live.sweep_failed', err })
		}),
		readRisks: readRisks({ db }),
		noteLook: noteLook({ db }),
		help: {
			writeMessage: writeMessage({ act, db, ids, clock }),
			readMessages: readMessages({ db }),
			raiseHand: raiseHand({ act, db }),
			answerHand: answerHand({ act, db }),
			noteMarks: noteMarks({ act, db }),
			noteSketch: noteSketch({ db })
		},
		control: {
			askControl: askControl({ act, db, ids }),
			answerControl: answerControl({ act, db }),
			releaseControl: releaseControl({ act, db }),
			takeControlBack: takeControlBack({ act, db }),
			keepControls: keepControls({ act, db }),
			markOrder: markOrder({ db }),
			noteOrders: noteOrders({ act, db })
		},
		readEntry: readEntry({ db }),
		readSealed: readSealed({ db }),
		storeKeyOf: createStoreKeys(secret)
	};
}
