// What keeps the one record that an address names from the client, in words. Only its state leaves.
import { sql, type SQL } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import type { Db } from '#server/db/types.ts';
import { NOT_FOR_THIS_CLIENT } from './hidden-records.ts';

type Probe = {
	what: string;
	table: string;
	/** Where it is decided whose a row is; the agency's own records are everybody's. */
	own?: SQL;
	/** What keeps a row `v` from the client, the first that holds is told. */
	hidden?: { when: SQL; why: string; href(id: string, clientId: string): string }[];
};

const recordHref = (area: AreaKey) => (id: string) => `/${area}/${id}`;
const tabHref = (area: AreaKey) => (_id: string, clientId: string) => `/clients/${clientId}?tab=${area}`;

const DELETED = sql`v.deleted_at IS NOT NULL`;

/** How a record of an area is kept from the client: by a state of its own row. */
const PROBES: Partial<Record<AreaKey, Probe>> = {
	tasks: {
		what: 'task',
		table: 'task',
		hidden: [
			{ when: DELETED, why: 'This task was deleted.', href: tabHref('tasks') },
			{
				when: sql`NOT v.client_visible`,
				why: 'This task is internal: it is marked as not visible to the client.',
				href: recordHref('tasks')
			}
		]
	},
	files: {
		what: 'file',
		table: 'file',
		hidden: [
			{
				when: DELETED,
				why: 'This file was deleted, and can be restored for a while.',
				href: tabHref('files')
			},
			{
				when: sql`EXISTS (SELECT FROM task t WHERE t.id = v.task_id AND (NOT t.client_visible OR t.deleted_at IS NOT NULL))`,
				why: 'This file is attached to a task that the client does not see.',
				href: tabHref('tasks')
			}
		]
	},
	messages: { what: 'conversation', table: 'thread' },
	services: {
		what: 'service',
		table: 'service',
		own: sql`true`,
		hidden: [
			{
				when: sql`v.status = 'draft'`,
				why: 'This service is not published yet.',
				href: recordHref('services')
			},
			{
				when: sql`v.status = 'archived'`,
				why: 'This service is archived: nobody finds it in the catalogue any more.',
				href: recordHref('services')
			},
			{
				when: NOT_FOR_THIS_CLIENT,
				why: 'This service is shown to chosen clients only, and this one is not among them.',
				href: recordHref('services')
			}
		]
	},
	invoices: {
		what: 'invoice',
		table: 'invoice',
		hidden: [
			{
				when: sql`v.status = 'draft'`,
				why: 'This invoice is a draft: a client sees it once it is sent.',
				href: recordHref('invoices')
			}
		]
	},
	orders: { what: 'order', table: 'client_order' },
	subscriptions: { what: 'subscription', table: 'subscription' }
};

/** The place of the first reason that holds, or null. */
const firstOf = (hidden: NonNullable<Probe['hidden']>): SQL =>
	hidden.length === 0
		? sql`NULL::int`
		: sql`CASE ${sql.join(
				hidden.map(({ when }, index) => sql`WHEN ${when} THEN ${index}::int`),
				sql` `
			)} END`;

/**
 * Why the record that an address names is not there, or null where it is (or where the address names none).
 * Of another client's it says only that; of another agency's as if it did not exist.
 */
export async function explainRecord(
	db: Db,
	actor: ImpersonationActor,
	area: AreaKey,
	path: string
): Promise<{ why: string; href: string | null } | null> {
	const id = path.split(/[?#]/)[0]?.split('/')[2] ?? '';
	const probe = PROBES[area];
	if (!probe || id === '' || id === 'new') return null;
	const missing = { why: `There is no such ${probe.what}.`, href: null };
	if (!isUuid(id)) return missing;
	const hidden = probe.hidden ?? [];
	const [row] = await db.execute<{ own: boolean; first: number | null }>(sql`
		SELECT ${probe.own ?? sql`v.client_id = c.id`} AS own, ${firstOf(hidden)} AS first
		FROM ${sql.raw(probe.table)} v JOIN client c ON c.id = ${actor.clientId} AND c.agency_id = v.agency_id
		WHERE v.id = ${id} AND v.agency_id = ${actor.agencyId}`);
	if (!row) return missing;
	if (!row.own) return { why: `This ${probe.what} belongs to another client.`, href: null };
	const reason = row.first === null ? undefined : hidden[row.first];
	return reason ? { why: reason.why, href: reason.href(id, actor.clientId) } : null;
}
