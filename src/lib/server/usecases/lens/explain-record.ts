// What keeps the one record that an address names from the client, in words. Only its state leaves.
import { sql, type SQL } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { isUuid } from '#domain/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import type { Db } from '#server/db/types.ts';
import { NOT_FOR_THIS_CLIENT } from './hidden-records.ts';
import { withinReach, type Place } from './within-reach.ts';

type Probe = {
	what: string;
	table: string;
	/** Where it is decided whose a row is; the agency's own records are everybody's. */
	own?: SQL;
	/** What keeps a row `v` from the client, the first that holds is told. */
	hidden?: { when: SQL; why: string; place(id: string, clientId: string): Place }[];
};

const page =
	(area: AreaKey, needs: Permission) =>
	(id: string): Place => ({ href: `/${area}/${id}`, needs });
const tab =
	(area: AreaKey) =>
	(_id: string, clientId: string): Place => ({
		href: `/clients/${clientId}?tab=${area}`,
		needs: 'clients.read'
	});
const taskPage = page('tasks', 'tasks.manage');
const servicePage = page('services', 'services.manage');

const DELETED = sql`v.deleted_at IS NOT NULL`;

/** How a record of an area is kept from the client: by a state of its own row. */
const PROBES: Partial<Record<AreaKey, Probe>> = {
	tasks: {
		what: 'task',
		table: 'task',
		hidden: [
			{ when: DELETED, why: 'This task was deleted.', place: tab('tasks') },
			{
				when: sql`NOT v.client_visible`,
				why: 'This task is internal: it is marked as not visible to the client.',
				place: taskPage
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
				place: tab('files')
			},
			{
				when: sql`EXISTS (SELECT FROM task t WHERE t.id = v.task_id AND (NOT t.client_visible OR t.deleted_at IS NOT NULL))`,
				why: 'This file is attached to a task that the client does not see.',
				place: tab('tasks')
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
				place: servicePage
			},
			{
				when: sql`v.status = 'archived'`,
				why: 'This service is archived: nobody finds it in the catalogue any more.',
				place: servicePage
			},
			{
				when: NOT_FOR_THIS_CLIENT,
				why: 'This service is shown to chosen clients only, and this one is not among them.',
				place: servicePage
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
				place: page('invoices', 'clients.read')
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
	{ area, path, permissions }: { area: AreaKey; path: string; permissions: ReadonlySet<Permission> }
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
	return reason ? withinReach(reason.why, reason.place(id, actor.clientId), permissions) : null;
}
