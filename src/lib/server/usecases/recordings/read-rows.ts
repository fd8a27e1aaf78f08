// The rows about one impersonation that its recording is told from. Always within one agency; permission is the callers'.
import { sql } from 'drizzle-orm';
import { AFTERWARDS } from '#domain/actions.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { EndReason } from '#domain/impersonation.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { LoggedAction, SeenView } from '#domain/timeline.ts';
import type { Reader } from '#server/db/types.ts';

const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

export type HeadRow = {
	id: ImpersonationId;
	client_id: ClientId;
	client: string;
	contact_id: ContactId;
	contact: string;
	staff_id: string;
	staff: string;
	mode: Mode;
	reason: Reason;
	ticket: string | null;
	details: string;
	started_at: number;
	expires_at: number;
	idle_limit_ms: number;
	ended_at: number | null;
	end_reason: EndReason | null;
	ended_by: string | null;
	now: number;
};

/** @throws AppError `not_found`, also for another agency's: ids cannot be probed */
export async function readHead(reader: Reader, agencyId: string, id: string): Promise<HeadRow> {
	const [row] = await reader.execute<HeadRow>(sql`
		SELECT i.id, i.client_id, c.name AS client, i.contact_id, k.name AS contact, i.staff_id, s.name AS staff, i.mode,
			i.reason, i.ticket, i.details, ${ms('COALESCE(i.started_at, i.created_at)')} AS started_at,
			${ms('i.expires_at')} AS expires_at, i.idle_limit_ms, ${ms('i.ended_at')} AS ended_at, i.end_reason,
			e.name AS ended_by, ${ms('clock_timestamp()')} AS now
		FROM impersonation i JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		JOIN staff s ON s.id = i.staff_id LEFT JOIN staff e ON e.id = i.ended_by
		WHERE i.id = ${id} AND i.agency_id = ${agencyId} AND i.state <> 'pending'`);
	if (!row) throw new AppError('not_found', 'There is no such recording.');
	return row;
}

type ActionRow = Omit<LoggedAction, 'subject' | 'note' | 'by'> & {
	details: string | null;
	staff: string | null;
	contact: string | null;
	actor_kind: string;
};

const textIn = (details: Record<string, unknown>, key: string): string | null => {
	const value = details[key];
	return typeof value === 'string' && value !== '' ? value : null;
};

export function parseDetails(text: string | null): Record<string, unknown> {
	const parsed: unknown = text === null ? null : JSON.parse(text);
	return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

/** With who did it by control; or who merely had control meanwhile, whom the hub knows no order of. */
export function steered(details: Record<string, unknown>, by: string): string {
	const { steeredBy, heldBy } = details as Partial<Record<'steeredBy' | 'heldBy', { name?: unknown }>>;
	if (typeof steeredBy?.name === 'string') return `${by}, steered by ${steeredBy.name}`;
	return typeof heldBy?.name === 'string' ? `${by}, while ${heldBy.name} had control` : by;
}

function toAction({ details, staff, contact, actor_kind, ...row }: ActionRow): LoggedAction {
	const known = parseDetails(details);
	return {
		...row,
		subject: textIn(known, 'subject'),
		note: textIn(known, 'sentence') ?? textIn(known, 'note') ?? textIn(known, 'reason'),
		by: steered(known, staff ?? (actor_kind === 'client' ? (contact ?? 'The client') : 'Switchback'))
	};
}

/** Far above what a person does in an hour; a runaway script must not make the page unreadable. */
const MAX_ROWS = 5_000;

const LATER = sql.join(
	AFTERWARDS.map((name) => sql`${name}`),
	sql`, `
);

/**
 * Details without drawings, which are read apart (read-shown.ts). Attack: thousands of them, parsed once more for each reader of the list of
 * what was done.
 */
const WORDS = sql`CASE WHEN x.action IN ('watch.drew', 'watch.pointed') THEN (d.details::jsonb - 'shown')::text ELSE d.details END`;

/** What the log holds under this impersonation, oldest first. Replays come after it and belong to no moment of it. */
export async function readActions(reader: Reader, agencyId: string, id: string): Promise<LoggedAction[]> {
	const rows = await reader.execute<ActionRow>(sql`
		SELECT x.seq::text AS seq, ${ms('x.at')} AS at, x.action, x.outcome, x.page_id AS "pageId", ${WORDS} AS details,
			s.name AS staff, k.name AS contact, x.actor_kind
		FROM action x LEFT JOIN action_details d ON d.seq = x.seq
		LEFT JOIN staff s ON s.id = x.actor_staff_id LEFT JOIN contact k ON k.id = x.contact_id
		WHERE x.impersonation_id = ${id} AND x.agency_id = ${agencyId} AND x.action NOT IN (${LATER})
		ORDER BY x.seq LIMIT ${MAX_ROWS}`);
	return rows.map(toAction);
}

/** What was looked at, oldest first. */
export async function readViews(
	reader: Reader,
	agencyId: string,
	id: string,
	by: string
): Promise<SeenView[]> {
	const rows = await reader.execute<Omit<SeenView, 'by'>>(sql`
		SELECT id, ${ms('at')} AS at, kind, address, subject_label AS label, status, page_id AS "pageId"
		FROM view WHERE impersonation_id = ${id} AND agency_id = ${agencyId} ORDER BY at, id LIMIT ${MAX_ROWS}`);
	return rows.map((row) => ({ ...row, by }));
}

export type PageRow = {
	pageId: string;
	address: string;
	title: string;
	openedAt: number;
	snapshotAt: number | null;
	firstEventAt: number | null;
	lastEventAt: number | null;
	closedAt: number | null;
	/** When it last asked for something; null where nothing was shown to it. */
	lastSeenAt: number | null;
	events: number;
	/** Highest number that is in a block, -1 for none. */
	sealedSeq: number;
	isErased: boolean;
};

/** Each recording's pages in the order they were opened, by the recording's id; one without pages is left out. */
export async function readPagesOf(
	reader: Reader,
	agencyId: string,
	ids: readonly string[]
): Promise<ReadonlyMap<string, PageRow[]>> {
	const rows = await reader.execute<PageRow & { of: string }>(sql`
		SELECT i.id AS of, g.* FROM (
			SELECT value::uuid AS id FROM jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)) i
		CROSS JOIN LATERAL (
			SELECT id AS "pageId", address, title, ${ms('opened_at')} AS "openedAt", ${ms('snapshot_at')} AS "snapshotAt",
				${ms('first_event_at')} AS "firstEventAt", ${ms('last_event_at')} AS "lastEventAt",
				${ms('closed_at')} AS "closedAt", ${ms('v.seen_at')} AS "lastSeenAt", events, sealed_seq AS "sealedSeq",
				erased_at IS NOT NULL AS "isErased"
			FROM page LEFT JOIN (SELECT page_id, max(at) AS seen_at FROM view WHERE impersonation_id = i.id GROUP BY page_id) v
				ON v.page_id = page.id
			WHERE impersonation_id = i.id AND agency_id = ${agencyId} ORDER BY opened_at, page.id LIMIT ${MAX_ROWS}) g`);
	const pages = new Map<string, PageRow[]>();
	for (const { of, ...page } of rows) {
		const own = pages.get(of);
		if (own) own.push(page);
		else pages.set(of, [page]);
	}
	for (const own of pages.values()) own.sort(byOpening);
	return pages;
}

const byOpening = (a: PageRow, b: PageRow): number =>
	a.openedAt - b.openedAt || (a.pageId < b.pageId ? -1 : 1);

/** The recording's pages in the order they were opened. */
export const readPages = async (reader: Reader, agencyId: string, id: string): Promise<PageRow[]> =>
	(await readPagesOf(reader, agencyId, [id])).get(id) ?? [];

export type WatchRow = { name: string; joinedAt: number; leftAt: number | null };

/** Who watched, in the order they came. */
export async function readWatchers(reader: Reader, agencyId: string, id: string): Promise<WatchRow[]> {
	const rows = await reader.execute<WatchRow>(sql`
		SELECT s.name, ${ms('w.joined_at')} AS "joinedAt", ${ms('w.left_at')} AS "leftAt"
		FROM watch w JOIN staff s ON s.id = w.staff_id
		WHERE w.impersonation_id = ${id} AND w.agency_id = ${agencyId} ORDER BY w.joined_at LIMIT ${MAX_ROWS}`);
	return [...rows];
}
