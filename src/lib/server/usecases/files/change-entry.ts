// The frame of every change of one file or folder: whose account, the gate, the row under lock.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FolderId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { accountOfRow, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows } from '../portal/scope.ts';
import { KEPT_DAYS } from './list-deleted.ts';

export type EntryDependencies = { act: Act; db: Db };

export type LockedEntry = {
	name: string;
	/** Where it lies; null at the top. */
	placeId: FolderId | null;
	bytes: number;
	sha256: string | null;
	/** The folder it was deleted along with, or null. */
	deletedWith: FolderId | null;
};

type Change = {
	kind: 'file' | 'folder';
	action: ActionName;
	id: string;
	origin: Origin;
	/** True for a restore, which is about a deleted one. */
	deleted?: boolean;
	/** What it is called afterwards, when the change renames it. */
	label?: string;
	work(tx: Tx, on: { entry: LockedEntry; account: Account }): Promise<Record<string, unknown>>;
};

/** Attachments of tasks, orders and messages belong to those and are not moved about. */
const LOCK = {
	file: (id: string, account: Account) => sql`
		SELECT f.name, f.folder_id AS "placeId", f.bytes::float8 AS bytes, f.sha256, f.deleted_with AS "deletedWith"
		FROM file f WHERE f.id = ${id} AND ${ownRows(account, 'f')} AND f.purged_at IS NULL
			AND f.task_id IS NULL AND f.order_id IS NULL AND f.message_id IS NULL`,
	folder: (id: string, account: Account) => sql`
		SELECT f.name, f.parent_id AS "placeId", 0 AS bytes, NULL AS sha256, f.deleted_with AS "deletedWith"
		FROM folder f WHERE f.id = ${id} AND ${ownRows(account, 'f')}`
};

/** @throws AppError `not_found`; the gate's refusals (logged) */
export async function changeEntry(
	{ act, db }: EntryDependencies,
	actor: EitherActor,
	change: Change
): Promise<void> {
	const { kind, id } = change;
	const account = await accountOfRow(db, actor, { table: kind, id });
	const subject = { type: kind, id };
	const deed = { action: change.action, clientId: account.clientId, subject, origin: change.origin };
	await act(actor, deed, async (tx) => {
		// What is to be purged is not restored any more: its bytes may be going at this moment.
		const isThere = change.deleted
			? sql`f.deleted_at > now() - make_interval(days => ${KEPT_DAYS})`
			: sql`f.deleted_at IS NULL`;
		const [entry] = await tx.execute<LockedEntry>(sql`${LOCK[kind](id, account)} AND ${isThere} FOR UPDATE`);
		if (!entry) throw new AppError('not_found', `There is no such ${kind}.`);
		const details = await change.work(tx, { entry, account });
		return { value: undefined, details, subject: { ...subject, label: change.label ?? entry.name } };
	});
}
