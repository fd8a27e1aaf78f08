// The first page: what waits on the client, what is unpaid, what happened lately. Each part only where its area is visible.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { TaskId } from '#domain/ids.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import { may } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { INVOICE_COLUMNS, type InvoiceRow } from '../billing/invoice-rows.ts';
import { epochMs, makerOf, ownRows, requireArea, type Maker } from './scope.ts';

const SHOWN = 6;
const NEWS = 10;

export type NewsKind = 'task' | 'comment' | 'file' | 'invoice' | 'visit';
export type News = { kind: NewsKind; id: string; label: string; at: number; maker: Maker };
export type Home = {
	/** Null where the client sees no tasks. */
	waiting: { total: number; rows: { id: TaskId; title: string; dueOn: string | null }[] } | null;
	/** Null where the contact sees no invoices. */
	unpaid: { total: number; rows: InvoiceRow[] } | null;
	news: News[];
};

async function readWaiting(db: Db, actor: PortalActor): Promise<NonNullable<Home['waiting']>> {
	const rows = await db.execute<{ id: TaskId; title: string; dueOn: string | null; total: number }>(sql`
		SELECT t.id, t.title, t.due_on::text AS "dueOn", (count(*) OVER ())::int AS total FROM task t
		WHERE ${ownRows(actor, 't')} AND t.client_visible AND t.status = 'open' AND t.waiting_on = 'client'
		ORDER BY t.due_on NULLS LAST, t.created_at DESC LIMIT ${SHOWN}`);
	return { total: rows[0]?.total ?? 0, rows: rows.map(({ id, title, dueOn }) => ({ id, title, dueOn })) };
}

async function readUnpaid(db: Db, actor: PortalActor): Promise<NonNullable<Home['unpaid']>> {
	const rows = await db.execute<Omit<InvoiceRow, 'totalMinor'> & { totalMinor: string; n: number }>(sql`
		SELECT ${INVOICE_COLUMNS}, (count(*) OVER ())::int AS n FROM invoice i
		WHERE ${ownRows(actor, 'i')} AND i.status = 'open' ORDER BY i.due_on, i.id LIMIT ${SHOWN}`);
	return {
		total: rows[0]?.n ?? 0,
		rows: rows.map(({ n: _n, ...row }) => ({ ...row, totalMinor: Number(row.totalMinor) }))
	};
}

/** One kind's newest rows; the client's own index serves each. */
const newest = (actor: PortalActor) => ({
	task: sql`(SELECT 'task' AS kind, t.id, t.title AS label, t.created_at AS at, ${makerOf('t')} AS maker FROM task t
		WHERE ${ownRows(actor, 't')} AND t.client_visible ORDER BY t.created_at DESC LIMIT ${NEWS})`,
	comment: sql`(SELECT 'comment', t.id, t.title, c.created_at, ${makerOf('c')} FROM task_comment c
		JOIN task t ON t.id = c.task_id AND t.client_visible
		WHERE ${ownRows(actor, 'c')} ORDER BY c.created_at DESC LIMIT ${NEWS})`,
	file: sql`(SELECT 'file', f.id, f.name, f.created_at, ${makerOf('f')} FROM file f
		WHERE ${ownRows(actor, 'f')} AND f.deleted_at IS NULL AND f.task_id IS NULL
		ORDER BY f.created_at DESC LIMIT ${NEWS})`,
	invoice: sql`(SELECT 'invoice', i.id, i.number, i.issued_on::timestamptz,
		json_build_object('contact', NULL, 'staff', NULL) FROM invoice i
		WHERE ${ownRows(actor, 'i')} AND i.status <> 'draft' ORDER BY i.issued_on DESC LIMIT ${NEWS})`,
	// The client is told each time somebody was in (product.md §Rules): owners of all, other contacts of their own.
	visit: sql`(SELECT 'visit', m.id, concat_ws(', ', ${reasonLabel}, 'ticket ' || m.ticket), m.started_at,
		json_build_object('contact', NULL, 'staff', (SELECT name FROM staff WHERE id = m.staff_id)) FROM impersonation m
		JOIN agency a ON a.id = m.agency_id AND coalesce((a.policy ->> 'tellClient')::boolean, true)
		WHERE ${ownRows(actor, 'm')} AND m.started_at IS NOT NULL AND (m.contact_id = ${actor.contactId}
			OR EXISTS (SELECT FROM contact k WHERE k.id = ${actor.contactId} AND k.is_owner))
		ORDER BY m.started_at DESC LIMIT ${NEWS})`
});

const reasonLabel = sql`CASE m.reason ${sql.join(
	Object.entries(REASONS).map(([reason, label]) => sql`WHEN ${reason} THEN ${label}`),
	sql` `
)} END`;

const AREA_OF = {
	task: 'tasks',
	comment: 'tasks',
	file: 'files',
	invoice: 'invoices',
	visit: 'access-history'
} as const;

/** @throws AppError `not_found` when the account is not active */
export const readHome =
	({ db }: { db: Db }) =>
	async (actor: PortalActor): Promise<Home> => {
		const view = await requireArea(db, actor, 'home');
		const sees = (area: AreaKey) => may(area, view, 'see');
		const parts = newest(actor);
		const kinds = (Object.keys(AREA_OF) as NewsKind[]).filter((kind) => sees(AREA_OF[kind]));
		const readNews = async (): Promise<News[]> => {
			if (kinds.length === 0) return [];
			const union = sql.join(
				kinds.map((kind) => parts[kind]),
				sql` UNION ALL `
			);
			// The column list names the columns whichever part comes first.
			const rows = await db.execute<Omit<News, 'at'> & { at: string }>(sql`
				SELECT n.kind, n.id, n.label, n.maker, ${epochMs('n.at')} AS at
				FROM (${union}) AS n(kind, id, label, at, maker) ORDER BY n.at DESC LIMIT ${NEWS}`);
			return rows.map((row) => ({ ...row, at: Number(row.at) }));
		};
		const [waiting, unpaid, news] = await Promise.all([
			sees('tasks') ? readWaiting(db, actor) : null,
			sees('invoices') ? readUnpaid(db, actor) : null,
			readNews()
		]);
		return { waiting, unpaid, news };
	};
