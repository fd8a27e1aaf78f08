// What happened lately, over all areas this contact sees, newest first.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import { ORDER_STATUSES } from '#domain/order-status.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, makerOf, ownRows, type Maker } from './scope.ts';

const NEWS = 10;

export type NewsKind = 'task' | 'comment' | 'file' | 'message' | 'order' | 'invoice' | 'visit';
export type News = { kind: NewsKind; id: string; label: string; at: number; maker: Maker };

const NOBODY = sql`json_build_object('contact', NULL, 'staff', NULL)`;

const words = (column: SQL, labels: Record<string, string>): SQL =>
	sql`CASE ${column} ${sql.join(
		Object.entries(labels).map(([value, label]) => sql`WHEN ${value} THEN ${label}`),
		sql` `
	)} END`;

/** One kind's newest rows; the client's own index serves each. */
const newest: Record<NewsKind, (actor: PortalActor) => SQL> = {
	task: (actor) => sql`SELECT 'task', t.id, t.title, t.created_at AS at, ${makerOf('t')} FROM task t
		WHERE ${ownRows(actor, 't')} AND t.client_visible AND t.deleted_at IS NULL`,
	comment: (
		actor
	) => sql`SELECT 'comment', t.id, t.title, c.created_at AS at, ${makerOf('c')} FROM task_comment c
		JOIN task t ON t.id = c.task_id AND t.client_visible AND t.deleted_at IS NULL WHERE ${ownRows(actor, 'c')}`,
	// What hangs on a task, an order or a message is told there.
	file: (actor) => sql`SELECT 'file', f.id, f.name, f.created_at AS at, ${makerOf('f')} FROM file f
		WHERE ${ownRows(actor, 'f')} AND f.deleted_at IS NULL AND f.task_id IS NULL AND f.order_id IS NULL
			AND f.message_id IS NULL`,
	message: (actor) => sql`SELECT 'message', h.id, h.subject, h.last_message_at AS at,
		(SELECT ${makerOf('m')} FROM message m WHERE m.thread_id = h.id ORDER BY m.created_at DESC, m.id LIMIT 1)
		FROM thread h WHERE ${ownRows(actor, 'h')} AND h.order_id IS NULL`,
	order: (
		actor
	) => sql`SELECT 'order', o.id, concat(o.number, ' · ', ${words(sql`p.status`, ORDER_STATUSES)}),
		p.created_at AS at, ${makerOf('p')} FROM client_order_step p JOIN client_order o ON o.id = p.order_id
		WHERE ${ownRows(actor, 'p')}`,
	invoice: (
		actor
	) => sql`SELECT 'invoice', i.id, i.number, i.issued_on::timestamptz AS at, ${NOBODY} FROM invoice i
		WHERE ${ownRows(actor, 'i')} AND i.status <> 'draft'`,
	// The client is told each time somebody was in (product.md §Rules): owners of all, other contacts of their own.
	visit: (
		actor
	) => sql`SELECT 'visit', m.id, concat_ws(', ', ${words(sql`m.reason`, REASONS)}, 'ticket ' || m.ticket),
		m.started_at AS at, json_build_object('contact', NULL, 'staff', (SELECT name FROM staff WHERE id = m.staff_id))
		FROM impersonation m JOIN agency a ON a.id = m.agency_id AND coalesce((a.policy ->> 'tellClient')::boolean, true)
		WHERE ${ownRows(actor, 'm')} AND m.started_at IS NOT NULL AND (m.contact_id = ${actor.contactId}
			OR EXISTS (SELECT FROM contact k WHERE k.id = ${actor.contactId} AND k.is_owner))`
};

/** What a contact must see to be told of it; `home.activity` beside it, but for visits: those nobody hides. */
const ELEMENT: Record<NewsKind, ElementKey> = {
	task: 'tasks',
	comment: 'tasks.comments',
	file: 'files',
	message: 'messages',
	order: 'orders',
	invoice: 'invoices',
	visit: 'access-history'
};

export async function readNews(db: Db, actor: PortalActor, view: PortalView): Promise<News[]> {
	const isShown = may('home.activity', view, 'see');
	const kinds = (Object.keys(ELEMENT) as NewsKind[]).filter(
		(kind) => (isShown || kind === 'visit') && may(ELEMENT[kind], view, 'see')
	);
	if (kinds.length === 0) return [];
	const union = sql.join(
		kinds.map((kind) => sql`(${newest[kind](actor)} ORDER BY at DESC LIMIT ${NEWS})`),
		sql` UNION ALL `
	);
	// The column list names the columns whichever part comes first.
	const rows = await db.execute<Omit<News, 'at'> & { at: string }>(sql`
		SELECT n.kind, n.id, n.label, n.maker, ${epochMs('n.at')} AS at
		FROM (${union}) AS n(kind, id, label, at, maker) ORDER BY n.at DESC, n.id LIMIT ${NEWS}`);
	return rows.map((row) => ({ ...row, at: Number(row.at) }));
}
