// Ends what ran past a limit. Limits are enforced at every request by the database's clock; this tells the screens.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ImpersonationId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { DUE_COLUMNS, DUE_TABLES, dueReason, type DueRow } from './due-reason.ts';
import type { Ender, EndRequest } from './end-impersonation.ts';

type End = (actor: Ender, request: EndRequest) => Promise<boolean>;

type Live = DueRow & { id: ImpersonationId };

type Sweep = { db: Db; end: End; onError(error: unknown): void };

/** Ends every impersonation that is due. @returns how many */
export const endOverdue =
	({ db, end, onError }: Sweep) =>
	async (): Promise<number> => {
		let ended = 0;
		const live = await db.execute<Live>(
			sql`SELECT i.id, ${DUE_COLUMNS} FROM ${DUE_TABLES} WHERE i.state <> 'ended'`
		);
		for (const row of live) {
			try {
				const reason = dueReason(row);
				if (reason && (await end(null, { impersonationId: row.id, reason }))) ended += 1;
			} catch (error) {
				// One agency's unreadable policy must not keep all others' from ending.
				onError(error);
			}
		}
		return ended;
	};

type OwnEnd = { db: Db; end: End };

const own = ({ db }: OwnEnd, actor: StaffActor) =>
	db.execute<Live>(sql`SELECT i.id, ${DUE_COLUMNS} FROM ${DUE_TABLES}
		WHERE i.state <> 'ended' AND i.staff_id = ${actor.staffId}`);

/** Clears the way for a start: a staff member's overdue one always, a running one only when they asked for it. */
export const endOwn =
	(deps: OwnEnd) =>
	async (actor: StaffActor, evenLive: boolean): Promise<void> => {
		for (const row of await own(deps, actor)) {
			const { id } = row;
			const reason = dueReason(row);
			if (reason) await deps.end(null, { impersonationId: id, reason });
			else if (evenLive) await deps.end(actor, { impersonationId: id, reason: 'replaced' });
		}
	};

/** The staff member signed out: what rests on that session ends with it. */
export const endSignedOut =
	(deps: OwnEnd) =>
	async (actor: StaffActor): Promise<void> => {
		for (const { id } of await own(deps, actor))
			await deps.end(actor, { impersonationId: id, reason: 'signed_out' });
	};
