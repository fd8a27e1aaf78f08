// The job that renews: everything that is due, period by period, one short transaction each. It may run twice at once, be
// killed anywhere and come back after days: what it did is committed whole, and what it did not is still due.
import { sql } from 'drizzle-orm';
import { isAppError } from '#domain/errors.ts';
import { dayOf } from '#domain/renewal.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Ids } from '#server/ports/ids.ts';
import { dueOn, endSubscription, ENDS, renewSubscription, type Due } from './renew-subscription.ts';

/** Rows taken at once: a list of 5 000 is never held in memory, nor read again for each. */
const BATCH = 200;
/** After this the job lets others have their turn; its next run, within a minute, goes on where it stopped. */
const MAX_RUN_MS = 45_000;

type Position = { on: string; id: string };
type Found = Due & { on: string };

const FIRST: Position = { on: '0001-01-01', id: '00000000-0000-0000-0000-000000000000' };

/** The next due rows after a position: one that cannot be renewed is passed by and stops nobody behind it. */
const findDue = (db: Db, today: string, after: Position) =>
	db.execute<Found>(sql`
		SELECT s.id, s.agency_id AS "agencyId", s.client_id AS "clientId", s.next_renewal_on::text AS on, ${ENDS} AS ends
		FROM subscription s
		WHERE ${dueOn(today)} AND (s.next_renewal_on, s.id) > (${after.on}::date, ${after.id}::uuid)
		ORDER BY s.next_renewal_on, s.id LIMIT ${BATCH}`);

export type RenewDependencies = {
	db: Db;
	act: Act;
	ids: Ids;
	clock: Clock;
	/** Told of a subscription that could not be renewed; it is tried again at the next run. */
	onError: (error: unknown, subscriptionId: string) => void;
};
export type Renewed = { renewed: number; ended: number; failed: number };

export const renewDue = ({ db, act, ids, clock, onError }: RenewDependencies) => {
	/** Every period that began until today, so that days of downtime skip none. */
	const catchUp = async (due: Due, today: string, count: Renewed): Promise<void> => {
		if (due.ends) {
			await endSubscription({ act }, due, today);
			count.ended += 1;
			return;
		}
		let next = '';
		while (next <= today) {
			next = await renewSubscription({ act, ids }, due, today);
			count.renewed += 1;
		}
	};
	return async (): Promise<Renewed> => {
		const startedAt = clock.now();
		const today = dayOf(startedAt);
		const count: Renewed = { renewed: 0, ended: 0, failed: 0 };
		for (let after = FIRST; ;) {
			const batch = await findDue(db, today, after);
			for (const due of batch) {
				await catchUp(due, today, count).catch((error: unknown) => {
					// Another worker was faster, or the client changed its mind meanwhile: nothing is wrong.
					if (isAppError(error) && error.code === 'conflict') return;
					count.failed += 1;
					onError(error, due.id);
				});
				after = { on: due.on, id: due.id };
				if (clock.now() - startedAt > MAX_RUN_MS) return count;
			}
			if (batch.length < BATCH) return count;
		}
	};
};
