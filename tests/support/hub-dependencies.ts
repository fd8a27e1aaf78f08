// What a hub of the tests is given: all real but the sign-in. The same in the test's own process and in one that is killed.
import { Registry } from 'prom-client';
import type { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import type { createAct } from '#server/db/act.ts';
import type { Database } from '#server/db/open-database.ts';
import type { HubNews } from '#server/ports/hub-news.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signals } from '#server/ports/signals.ts';
import { readImpersonationToken } from '#server/sign-in/impersonation-cookie.ts';
import { createPageTickets } from '#server/sign-in/page-ticket.ts';
import { createStoreKeys } from '#server/sign-in/store-key.ts';
import type { endImpersonation } from '#server/usecases/impersonation/end-impersonation.ts';
import { closeStaleWatches } from '#server/usecases/live/close-stale-watches.ts';
import { joinWatch } from '#server/usecases/live/join-watch.ts';
import { leaveWatch } from '#server/usecases/live/leave-watch.ts';
import { noteFaults } from '#server/usecases/live/note-faults.ts';
import { noteHub } from '#server/usecases/live/note-hub.ts';
import { notePulses } from '#server/usecases/live/note-pulses.ts';
import { readEntry } from '#server/usecases/live/read-entry.ts';
import { readLiveSessions } from '#server/usecases/live/read-live-sessions.ts';
import { readSealed } from '#server/usecases/live/read-sealed.ts';
import { resolveRecorder } from '#server/usecases/live/resolve-recorder.ts';
import { resolveWatcher } from '#server/usecases/live/resolve-watcher.ts';
import { sweepLive } from '#server/usecases/live/sweep-live.ts';
import { answerControl } from '#server/usecases/supervision/answer-control.ts';
import { askControl } from '#server/usecases/supervision/ask-control.ts';
import { keepControls } from '#server/usecases/supervision/keep-controls.ts';
import { markOrder } from '#server/usecases/supervision/mark-order.ts';
import { noteMarks } from '#server/usecases/supervision/note-marks.ts';
import { noteOrders } from '#server/usecases/supervision/note-orders.ts';
import { noteSketch } from '#server/usecases/supervision/note-sketch.ts';
import { answerHand, raiseHand } from '#server/usecases/supervision/raise-hand.ts';
import { readMessages } from '#server/usecases/supervision/read-messages.ts';
import { releaseControl } from '#server/usecases/supervision/release-control.ts';
import { takeControlBack } from '#server/usecases/supervision/take-control-back.ts';
import { noteLook } from '#server/usecases/supervision/note-look.ts';
import { turnZone } from '#server/usecases/supervision/turn-zone.ts';
import { readRisks } from '#server/usecases/supervision/read-risks.ts';
import { writeMessage } from '#server/usecases/supervision/write-message.ts';
import type { HubDependencies } from '#realtime/hub/dependencies.ts';

export const AGENCY_ORIGIN = 'http://agency.test';
export const PORTAL_ORIGIN = 'http://portal.test';

const SECRET = 'a secret of the tests, long enough for anyone';
export const tickets = createPageTickets(SECRET);
export const clock = { now: () => Date.now() };

export type HubParts = {
	database: Pick<Database, 'db' | 'owner'>;
	act: ReturnType<typeof createAct>;
	ids: RandomIds;
	end: ReturnType<typeof endImpersonation>;
	liveLog: LiveLog;
	signals: Signals;
	hubNews: HubNews;
	isAlone: boolean;
	onError(error: unknown): void;
	askSeal(pageId: string): Promise<void>;
};

export function hubDependencies(parts: HubParts): HubDependencies {
	const { act, ids, liveLog, signals, hubNews, isAlone, onError, askSeal, end } = parts;
	const { db } = parts.database;
	const log = (fields: Record<string, unknown>, event: string) => onError(fields.err ?? event);
	return {
		hubId: ids.uuid(),
		agencyOrigin: AGENCY_ORIGIN,
		portalOrigin: PORTAL_ORIGIN,
		clock,
		logger: { info: () => undefined, warn: log, error: log },
		registry: new Registry(),
		liveLog,
		signals,
		hubNews,
		allowedAssets: () => null,
		addressOf: (request) => request.socket.remoteAddress ?? '',
		resolveRecorder: resolveRecorder({ db, readImpersonationToken, verifyPageTicket: tickets.verify }),
		resolveWatcher: resolveWatcher({ db, staffSessionOf: (cookie) => staffSessionOf(parts, cookie) }),
		readLiveSessions: readLiveSessions({ db }),
		notePulses: notePulses({ db }),
		noteFaults: noteFaults({ db, publish: (signal) => signals.publish(signal) }),
		joinWatch: joinWatch({ act, db, ids }),
		leaveWatch: leaveWatch({ act, db }),
		noteHub: noteHub({ db }),
		closeStaleWatches: closeStaleWatches({ act, db, isAlone }),
		sweepLive: sweepLive({ db, endImpersonation: end, turnZone: turnZone({ act, db }), onError }),
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
		storeKeyOf: createStoreKeys(SECRET),
		readPicture: () => Promise.resolve(null),
		askSeal
	};
}

/** Stands in for the sign-in library: the cookie holds the session's id. */
async function staffSessionOf({ database }: HubParts, cookie: string | undefined) {
	const [, sessionId] = /^staff=([0-9a-f-]{36})$/.exec(cookie ?? '') ?? [];
	if (!sessionId) return null;
	const [row] = await database.owner<{ user_id: string; agency_id: string }[]>`
		SELECT t.user_id, s.agency_id FROM staff_session t JOIN staff s ON s.id = t.user_id
		WHERE t.id = ${sessionId} AND t.expires_at > now()`;
	return row ? { staffId: row.user_id, agencyId: row.agency_id, sessionId } : null;
}
