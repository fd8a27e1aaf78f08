// Who saw it, and when: a search over what could be read on recorded pages. What it answers with is a client's data, so each search
// is an action. Whoever may replay recordings may search them, all of them: `review` reaches every client of the agency.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { areaOf } from '#domain/chapters.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act, Subject } from '#server/db/act.ts';
import type { Db, Reader, Tx } from '#server/db/types.ts';
import { readTerms, type Term } from '#server/recordings/search-words.ts';
import { snippetsOf, type Snippet } from '#server/recordings/snippet.ts';
import { readFound, readMoments, type FoundRow, type MomentRow } from './read-seen.ts';
import { clientChoices, staffChoices, type Choice } from './recording-choices.ts';
import { requirePermission } from './require-permission.ts';
import { MAX_ROWS, seenWhere, type SeenFilters } from './seen-filters.ts';

/** Moments shown of each recording; all of them, up to the second number, where the search is of one. */
const MOMENTS_EACH = 4;
const MOMENTS_OF_ONE = 100;

export type SeenMoment = {
	id: string;
	/** ms since the recording's start; `until` is null where it stood to the end. */
	at: number;
	until: number | null;
	title: string;
	address: string;
	snippets: Snippet[];
};
export type SeenRecording = Omit<FoundRow, 'total' | 'rows'> & {
	moments: SeenMoment[];
	/** Moments there are. */
	count: number;
};
export type SeenAnswer = {
	recordings: SeenRecording[];
	total: number;
	/** More was found than is looked through. */
	isMore: boolean;
};

function toMoment(row: MomentRow, startedAt: number, terms: readonly Term[]): SeenMoment {
	const snippets = snippetsOf(row.lines.split('\n'), terms);
	const since = (at: number): number => Math.max(0, Math.ceil(at - startedAt));
	const gone = row.gone[snippets[0]?.line ?? 0] ?? null;
	return {
		id: row.id,
		at: since(row.fromAt),
		until: gone === null ? null : since(row.fromAt + gone),
		// The document's own title stays behind where a page is left without a document of its own.
		title: row.label ?? areaOf(row.address),
		address: row.address,
		snippets
	};
}

async function answer(
	tx: Tx,
	actor: StaffActor,
	filters: SeenFilters,
	terms: readonly Term[]
): Promise<SeenAnswer> {
	const where = seenWhere(actor, filters, terms);
	const found = await readFound(tx, where, filters.page);
	const recordings = found.map(({ id }) => id);
	const each = filters.recording ? MOMENTS_OF_ONE : MOMENTS_EACH;
	const moments = found.length > 0 ? await readMoments(tx, where, { recordings, each }) : [];
	const byRecording = Map.groupBy(moments, ({ recording }) => recording);
	const rows = found[0]?.rows ?? 0;
	return {
		recordings: found.map(({ total: _total, rows: _rows, ...head }) => {
			const own = byRecording.get(head.id) ?? [];
			const shown = own.map((row) => toMoment(row, head.startedAt, terms));
			return { ...head, moments: shown, count: own[0]?.count ?? 0 };
		}),
		total: found[0]?.total ?? 0,
		isMore: rows > MAX_ROWS
	};
}

/** The client a search is narrowed to, if it is the agency's: it stands under their account then. */
export async function clientOf(
	tx: Reader,
	agencyId: string,
	id: string | undefined
): Promise<Subject | null> {
	if (!id) return null;
	const [row] = await tx.execute<{ id: string; name: string }>(
		sql`SELECT id, name FROM client WHERE id = ${id} AND agency_id = ${agencyId}`
	);
	return row ? { type: 'client', id: row.id, label: row.name } : null;
}

/** What of a search the log keeps: the words and what they were narrowed to, how much was found, and nothing of it. */
const detailsOf = ({ q, zone: _zone, client: _client, ...rest }: SeenFilters, found: SeenAnswer) => ({
	words: q,
	...rest,
	recordings: found.isMore ? `more than ${found.total}` : found.total
});

/**
 * Searches the actor's agency; null where nothing was typed that could be searched for, and nothing is logged then.
 * @throws AppError `not_allowed` without the permission `review` (logged)
 */
export const searchSeen =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, filters: SeenFilters, origin: Origin): Promise<SeenAnswer | null> => {
		const terms = readTerms(filters.q);
		if (terms.length === 0) {
			await requirePermission(db, actor, 'review');
			return null;
		}
		const subject = await clientOf(db, actor.agencyId, filters.client);
		const clientId = (subject?.id ?? null) as ClientId | null;
		return act(actor, { action: 'recordings.searched', clientId, subject, origin }, async (tx) => {
			const value = await answer(tx, actor, filters, terms);
			return { value, details: detailsOf(filters, value) };
		});
	};

/** Whom a search can be narrowed to. @throws AppError `not_allowed` */
export const readSearchChoices =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<{ clients: Choice[]; staff: Choice[] }> => {
		await requirePermission(db, actor, 'review');
		const [clients, staff] = await Promise.all([
			clientChoices(db, actor.agencyId),
			staffChoices(db, actor.agencyId)
		]);
		return { clients, staff };
	};
