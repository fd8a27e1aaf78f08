// One row of the action log, one view or one fault of a page, as a watcher's list shows it while it happens. The signal that names it is only
// a hint: agency and impersonation are those of the row.
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import type { SystemActor } from '#domain/actor.ts';
import type { LiveEntry } from '#protocol/index.ts';
import type { SeenFault } from '#domain/page-faults.ts';
import { viewTitle } from '#domain/timeline.ts';
import type { Db } from '#server/db/types.ts';
import { FAULT_COLUMNS, liveFault } from '../recordings/read-faults.ts';
import { parseDetails, steered } from '../recordings/read-rows.ts';

export type FoundEntry = { impersonationId: string; entry: LiveEntry };

const AT = sql.raw(`(extract(epoch FROM at) * 1000)::float8 AS at`);

type ActionRow = {
	at: number;
	action: string;
	outcome: 'done' | 'refused';
	impersonation_id: string | null;
	details: string | null;
	staff: string | null;
	contact: string | null;
	actor_kind: string;
};

async function readAction(db: Db, agencyId: string, seq: string): Promise<FoundEntry | null> {
	const [row] = await db.execute<ActionRow>(sql`
		SELECT ${AT}, x.action, x.outcome, x.impersonation_id, d.details, s.name AS staff, k.name AS contact, x.actor_kind
		FROM action x LEFT JOIN action_details d ON d.seq = x.seq
		LEFT JOIN staff s ON s.id = x.actor_staff_id LEFT JOIN contact k ON k.id = x.contact_id
		WHERE x.seq = ${seq} AND x.agency_id = ${agencyId}`);
	if (!row?.impersonation_id) return null;
	return {
		impersonationId: row.impersonation_id,
		entry: {
			id: seq,
			at: row.at,
			kind: row.outcome === 'refused' ? 'refused' : 'action',
			title: actionTitle(row.action, row.outcome),
			subject: subjectOf(row.details),
			by: steered(
				parseDetails(row.details),
				row.staff ?? (row.actor_kind === 'client' ? (row.contact ?? 'The client') : 'Switchback')
			)
		}
	};
}

/** The subject's label among the details; erased details leave none. */
function subjectOf(details: string | null): string | null {
	if (details === null) return null;
	const parsed: unknown = JSON.parse(details);
	const subject =
		typeof parsed === 'object' && parsed !== null && 'subject' in parsed ? parsed.subject : null;
	return typeof subject === 'string' ? subject : null;
}

type ViewRow = {
	at: number;
	kind: 'page' | 'data' | 'file';
	address: string;
	subject_label: string | null;
	status: number;
	impersonation_id: string;
	staff: string;
};

async function readView(db: Db, agencyId: string, viewId: string): Promise<FoundEntry | null> {
	const [row] = await db.execute<ViewRow>(sql`
		SELECT ${AT}, v.kind, v.address, v.subject_label, v.status, v.impersonation_id, s.name AS staff
		FROM view v JOIN impersonation i ON i.id = v.impersonation_id JOIN staff s ON s.id = i.staff_id
		WHERE v.id = ${viewId} AND v.agency_id = ${agencyId}`);
	if (!row) return null;
	return {
		impersonationId: row.impersonation_id,
		entry: {
			id: viewId,
			at: row.at,
			kind: 'view',
			title: viewTitle(row.kind, row.status),
			subject: row.subject_label ?? row.address,
			by: row.staff
		}
	};
}

async function readFault(db: Db, agencyId: string, faultId: string): Promise<FoundEntry | null> {
	const [row] = await db.execute<SeenFault & { impersonation_id: string }>(sql`
		SELECT ${FAULT_COLUMNS}, impersonation_id FROM page_fault WHERE id = ${faultId} AND agency_id = ${agencyId}`);
	return row ? { impersonationId: row.impersonation_id, entry: liveFault(row) } : null;
}

export type WhichEntry = { seq: string } | { viewId: string } | { faultId: string };

/** The entry that is named so within the actor's agency, or null when it concerns no impersonation. */
export const readEntry =
	({ db }: { db: Db }) =>
	async (actor: SystemActor, which: WhichEntry): Promise<FoundEntry | null> => {
		if ('seq' in which) return readAction(db, actor.agencyId, which.seq);
		if ('viewId' in which) return readView(db, actor.agencyId, which.viewId);
		return readFault(db, actor.agencyId, which.faultId);
	};
