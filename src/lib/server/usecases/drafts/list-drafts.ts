// What waits for a client's approval, and what became of what waited, as each side reads it.
import { sql, type SQL } from 'drizzle-orm';
import { ACTIONS, type ActionName } from '#domain/actions.ts';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import type { DraftId } from '#domain/ids.ts';
import { REASONS, type Reason } from '#domain/modes-and-reasons.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { requireClient } from '../agency/require-reader.ts';
import { epochMs, ownRows, PAGE_SIZE, requireArea } from '../portal/scope.ts';
import type { Fact } from './draft-desk.ts';

export type DraftState = 'open' | 'approved' | 'declined' | 'withdrawn' | 'expired';

export type DraftRow = {
	id: DraftId;
	state: DraftState;
	/** "Placed order" reads as the action of the log. */
	action: string;
	label: string;
	facts: { term: string; value: string }[];
	/** Where the client finds what it is about. */
	href: string;
	preparedBy: string;
	/** Whom the staff member stood in for. */
	contact: string;
	reason: string;
	ticket: string | null;
	preparedAt: number;
	expiresAt: number;
	decidedBy: string | null;
	decidedAt: number | null;
	declineReason: string | null;
};

type Row = Omit<DraftRow, 'preparedAt' | 'expiresAt' | 'decidedAt' | 'reason' | 'action' | 'facts'> & {
	action: ActionName;
	facts: Fact[];
	reason: Reason;
	prepared_at: string;
	expires_at: string;
	decided_at: string | null;
	total: number;
};

/** One that ran out is closed by a job a little later; it must not look open in between. */
const STATE = sql`CASE WHEN d.state = 'open' AND d.expires_at <= clock_timestamp() THEN 'expired' ELSE d.state END`;

const COLUMNS = sql`d.id, ${STATE} AS state, d.action, d.label, d.facts, d.href, s.name AS "preparedBy",
	k.name AS contact, i.reason, i.ticket, ${epochMs('d.created_at')} AS prepared_at,
	${epochMs('d.expires_at')} AS expires_at, b.name AS "decidedBy", ${epochMs('d.decided_at')} AS decided_at,
	d.decline_reason AS "declineReason", (count(*) OVER ())::int AS total`;

const TABLES = sql`draft d JOIN staff s ON s.id = d.prepared_by JOIN contact k ON k.id = d.contact_id
	JOIN impersonation i ON i.id = d.impersonation_id LEFT JOIN contact b ON b.id = d.decided_by`;

/** What this reader sees of it: an amount they see nowhere else is not told here either. */
const factsFor = (facts: readonly Fact[], view: PortalView | null): DraftRow['facts'] =>
	facts
		.filter(({ needs }) => !view || (needs ?? []).every((element) => may(element, view, 'see')))
		.map(({ term, value }) => ({ term, value }));

/** @param view of the contact who reads; null: staff, on their own side */
const toRow = (
	{ prepared_at, expires_at, decided_at, total: _total, facts, ...row }: Row,
	view: PortalView | null
): DraftRow => ({
	...row,
	facts: factsFor(facts, view),
	action: ACTIONS[row.action].title,
	reason: REASONS[row.reason],
	preparedAt: Number(prepared_at),
	expiresAt: Number(expires_at),
	decidedAt: decided_at === null ? null : Number(decided_at)
});

/**
 * Actions this contact may do: a draft of any other is not theirs to decide, nor to read. An owner reads of all, even
 * where the area was hidden after it had been prepared: what waits in the account's name must reach somebody. What no
 * draft may hold is shown to nobody, were it written past the program.
 */
function decidable(view: PortalView): SQL {
	const names = (Object.keys(ACTIONS) as ActionName[]).filter((name) => {
		const { element, mayDraft } = ACTIONS[name];
		return mayDraft && element !== null && (view.contact.isOwner || may(element, view));
	});
	return names.length === 0
		? sql`false`
		: sql`d.action IN (${sql.join(
				names.map((name) => sql`${name}`),
				sql`, `
			)})`;
}

const OPEN = sql`d.state = 'open' AND d.expires_at > clock_timestamp()`;

/** How many wait for this contact; the home page says so. */
export const countOpenDrafts =
	({ db }: { db: Db }) =>
	async (actor: PortalActor): Promise<number> => {
		const view = await requireArea(db, actor, 'home');
		const [row] = await db.execute<{ n: number }>(
			sql`SELECT count(*)::int AS n FROM draft d WHERE ${ownRows(actor, 'd')} AND ${OPEN} AND ${decidable(view)}`
		);
		return row?.n ?? 0;
	};

export type Drafts = { open: DraftRow[]; openTotal: number; decided: DraftRow[]; decidedTotal: number };

export const DECIDED_SORTS = ['-when', 'when', 'what', '-what', 'by', '-by', 'state', '-state'] as const;
export type DecidedSort = (typeof DECIDED_SORTS)[number];

const WHEN = sql`coalesce(d.decided_at, d.expires_at)`;
const ORDER: Record<DecidedSort, SQL> = {
	'-when': sql`${WHEN} DESC`,
	when: WHEN,
	what: sql`lower(d.label)`,
	'-what': sql`lower(d.label) DESC`,
	by: sql`lower(s.name), ${WHEN} DESC`,
	'-by': sql`lower(s.name) DESC, ${WHEN} DESC`,
	state: sql`${STATE}, ${WHEN} DESC`,
	'-state': sql`${STATE} DESC, ${WHEN} DESC`
};

/** Open ones are cards: a page of them is what one reads before deciding some. */
export const OPEN_PAGE_SIZE = 10;

/** @param page of those that were decided, counted from 1 @throws AppError `not_found` when the account is not active */
export const listDrafts =
	({ db }: { db: Db }) =>
	async (
		actor: PortalActor,
		page: number,
		{ openPage = 1, sort = '-when' }: { openPage?: number; sort?: DecidedSort } = {}
	): Promise<Drafts> => {
		const view = await requireArea(db, actor, 'home');
		const mine = sql`${ownRows(actor, 'd')} AND ${decidable(view)}`;
		const [[count], open, decided] = await Promise.all([
			db.execute<{ open: number; decided: number }>(sql`
				SELECT count(*) FILTER (WHERE ${OPEN})::int AS open, count(*) FILTER (WHERE NOT (${OPEN}))::int AS decided
				FROM draft d WHERE ${mine}`),
			db.execute<Row>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${mine} AND ${OPEN}
				ORDER BY d.created_at, d.id LIMIT ${OPEN_PAGE_SIZE} OFFSET ${(openPage - 1) * OPEN_PAGE_SIZE}`),
			db.execute<Row>(sql`SELECT ${COLUMNS} FROM ${TABLES} WHERE ${mine} AND NOT (${OPEN})
				ORDER BY ${ORDER[sort]}, d.id LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`)
		]);
		const shown = (row: Row) => toRow(row, view);
		return {
			open: open.map(shown),
			openTotal: count?.open ?? 0,
			decided: decided.map(shown),
			decidedTotal: count?.decided ?? 0
		};
	};

export type ClientDraft = DraftRow & { mine: boolean };

/** Of one client, open ones first, for Client Details. @throws AppError `not_found`, `not_allowed` */
export const listClientDrafts =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string, page = 1): Promise<{ rows: ClientDraft[]; total: number }> => {
		await requireClient(db, actor, clientId);
		const rows = await db.execute<Row & { mine: boolean }>(sql`
			SELECT ${COLUMNS}, d.prepared_by = ${actor.staffId} AS mine FROM ${TABLES}
			WHERE d.agency_id = ${actor.agencyId} AND d.client_id = ${clientId}
			ORDER BY d.state = 'open' DESC, d.created_at DESC, d.id
			LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`);
		return {
			rows: rows.map((row) => ({ ...toRow(row, null), mine: row.mine })),
			total: rows[0]?.total ?? 0
		};
	};
