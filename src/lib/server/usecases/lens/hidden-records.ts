// How many records of each kind exist under an account that its contacts do not see. Only numbers leave; the records
// themselves are read on the agency host. Why one of them is not there: explain-record.ts.
import { sql, type SQL } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import type { Db } from '#server/db/types.ts';

export type HiddenRecords = { text: string; why: string; href: string };

type Kind = {
	area: AreaKey;
	one: string;
	many: string;
	why: string;
	/** Rows under the account `c` that are hidden for this reason. */
	from: SQL;
	tab: string;
};

/** Of a service `v`, for the account `c`. */
export const NOT_FOR_THIS_CLIENT = sql`v.visible_to = 'chosen' AND NOT EXISTS
	(SELECT FROM service_client x WHERE x.service_id = v.id AND x.client_id = c.id)`;

const KINDS: Kind[] = [
	{
		area: 'tasks',
		one: 'internal task',
		many: 'internal tasks',
		why: 'Marked as not visible to the client.',
		from: sql`task v WHERE v.client_id = c.id AND v.agency_id = c.agency_id AND NOT v.client_visible AND v.deleted_at IS NULL`,
		tab: 'tasks'
	},
	{
		area: 'files',
		one: 'deleted file',
		many: 'deleted files',
		why: 'Deleted, and can be restored for a while.',
		from: sql`file v WHERE v.client_id = c.id AND v.agency_id = c.agency_id AND v.deleted_at IS NOT NULL AND v.task_id IS NULL`,
		tab: 'files'
	},
	{
		area: 'invoices',
		one: 'draft invoice',
		many: 'draft invoices',
		why: 'Not sent yet: a client sees an invoice once it is sent.',
		from: sql`invoice v WHERE v.client_id = c.id AND v.agency_id = c.agency_id AND v.status = 'draft'`,
		tab: 'invoices'
	},
	{
		area: 'services',
		one: 'service that is not published',
		many: 'services that are not published',
		why: 'Still a draft.',
		from: sql`service v WHERE v.agency_id = c.agency_id AND v.status = 'draft'`,
		tab: 'services'
	},
	{
		area: 'services',
		one: 'service for other clients',
		many: 'services for other clients',
		why: 'Shown to chosen clients only, and this one is not among them.',
		from: sql`service v WHERE v.agency_id = c.agency_id AND v.status = 'published' AND ${NOT_FOR_THIS_CLIENT}`,
		tab: 'services'
	}
];

const account = (actor: ImpersonationActor) =>
	sql`client c WHERE c.id = ${actor.clientId} AND c.agency_id = ${actor.agencyId}`;

/** What is kept back within an area; kinds without any are left out. */
export async function countHidden(
	db: Db,
	actor: ImpersonationActor,
	area: AreaKey
): Promise<HiddenRecords[]> {
	const kinds = KINDS.filter((kind) => kind.area === area);
	if (kinds.length === 0) return [];
	const columns = kinds.map(
		({ from }, index) => sql`(SELECT count(*)::int FROM ${from}) AS ${sql.raw(`n${index}`)}`
	);
	const [row] = await db.execute<Record<string, number>>(
		sql`SELECT ${sql.join(columns, sql`, `)} FROM ${account(actor)}`
	);
	return kinds.flatMap(({ one, many, why, tab }, index) => {
		const n = row?.[`n${index}`] ?? 0;
		const href = `/clients/${actor.clientId}?tab=${tab}`;
		return n === 0 ? [] : [{ text: `${n} ${n === 1 ? one : many}`, why, href }];
	});
}
