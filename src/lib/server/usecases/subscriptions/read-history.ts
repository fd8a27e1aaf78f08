// What was done with a subscription, read from the action log: it is kept there once and nowhere else [D3].
import { sql } from 'drizzle-orm';
import { actionTitle } from '#domain/actions.ts';
import type { AgencyId, ClientId, SubscriptionId } from '#domain/ids.ts';
import type { Reader } from '#server/db/types.ts';
import { cutPart, partAt, type Part } from '../portal/part-pages.ts';
import { epochMs, type Maker } from '../portal/scope.ts';

export type HistoryEntry = {
	seq: string;
	at: number;
	action: string;
	title: string;
	/** Nobody: the program did it by the clock. */
	maker: Maker | null;
	details: { plan?: string; priceMinor?: number; currency?: string; reason?: string; number?: string };
};

type Row = {
	seq: string;
	at: string;
	action: string;
	kind: string;
	contact: string | null;
	staff: string | null;
	details: Record<string, unknown> | null;
};

/** Of all an action's details, those that a client may read. */
function detailsOf(details: Row['details']): HistoryEntry['details'] {
	const textOf = (key: string) => (typeof details?.[key] === 'string' ? { [key]: details[key] } : {});
	const priceMinor = details?.['priceMinor'];
	return {
		...textOf('plan'),
		...textOf('currency'),
		...textOf('reason'),
		...textOf('number'),
		...(typeof priceMinor === 'number' ? { priceMinor } : {})
	};
}

/** The newest first. The client's own index serves it: an account has thousands of actions, an agency millions. */
export async function readHistory(
	reader: Reader,
	of: { agencyId: AgencyId; clientId: ClientId; id: SubscriptionId; page?: number | undefined }
): Promise<Part<HistoryEntry>> {
	const rows = await reader.execute<Row>(sql`
		SELECT a.seq::text AS seq, ${epochMs('a.at')} AS at, a.action, a.actor_kind AS kind, k.name AS contact, s.name AS staff,
			d.details::json AS details
		FROM action a LEFT JOIN action_details d ON d.seq = a.seq LEFT JOIN contact k ON k.id = a.contact_id
		LEFT JOIN staff s ON s.id = a.actor_staff_id
		WHERE a.client_id = ${of.clientId} AND a.agency_id = ${of.agencyId} AND a.subject_type = 'subscription'
			AND a.subject_id = ${of.id} AND a.outcome = 'done' AND a.action LIKE 'subscription.%'
		ORDER BY a.seq DESC ${partAt(of.page)}`);
	const { earlier, rows: shown } = cutPart(rows);
	const entries = shown.map(({ seq, at, action, kind, contact, staff, details }) => ({
		seq,
		at: Number(at),
		action,
		title: actionTitle(action),
		maker: kind === 'system' ? null : { contact, staff },
		details: detailsOf(details)
	}));
	return { earlier, rows: entries };
}
