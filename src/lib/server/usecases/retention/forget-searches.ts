// Words of searches stand in the action log. Where they were found only in what is being erased, they quote it, and go with it; so do
// those that name an erased client or its people and were found nowhere. The rows
// stay in the chain and say that, when and by whom it was searched.
import { sql } from 'drizzle-orm';
import type { Reader, Tx } from '#server/db/types.ts';
import { queryOf, readTerms, type Term } from '#server/recordings/search-words.ts';
import { wordsOf } from '#server/recordings/words.ts';

/** Searches looked at in one statement. */
const AT_ONCE = 500;

type Search = { seq: string; words: string };

/** Searches to look at: these, and all that came after; an agency's searches are walked once a run, not once a recording. */
export type FoundSearches = { seqs: readonly string[]; upTo: string };
const ALL: FoundSearches = { seqs: [], upTo: '0' };

async function* readSearches(
	reader: Reader,
	agencyId: string,
	{ seqs, upTo }: FoundSearches
): AsyncGenerator<Search[]> {
	const known = sql`(SELECT value::bigint FROM jsonb_array_elements_text(${JSON.stringify(seqs)}::text::jsonb))`;
	for (let after = '0'; ;) {
		const rows = await reader.execute<{ seq: string; words: string | null }>(sql`
			SELECT a.seq::text AS seq, d.details::jsonb ->> 'words' AS words FROM action a JOIN action_details d ON d.seq = a.seq
			WHERE a.agency_id = ${agencyId} AND a.action = 'recordings.searched' AND a.outcome = 'done' AND a.seq > ${after}::bigint
				AND (a.seq > ${upTo}::bigint OR a.seq IN ${known}) ORDER BY a.seq LIMIT ${AT_ONCE}`);
		yield rows.map(({ seq, words }) => ({ seq, words: words ?? '' }));
		const last = rows.at(-1);
		if (!last || rows.length < AT_ONCE) return;
		after = last.seq;
	}
}

const isAbout = (terms: readonly Term[], named: ReadonlySet<string>): boolean =>
	terms.some(({ words, isBeginning }) =>
		words.some(
			(word) => named.has(word) || (isBeginning && [...named].some((known) => known.startsWith(word)))
		)
	);

/** Shorter ones are in half of all searches. */
const MIN_NAME = 3;

/** Words by which a client and its people are called; to be asked before their rows are emptied. */
export async function namesOfClient(tx: Tx, clientId: string): Promise<ReadonlySet<string>> {
	const rows = await tx.execute<{ text: string }>(sql`
		SELECT concat_ws(' ', name, website, phone, address, tax_id) AS text FROM client WHERE id = ${clientId}
		UNION ALL SELECT concat_ws(' ', name, email, phone) FROM contact WHERE client_id = ${clientId}`);
	const words = rows.flatMap(({ text }) => wordsOf(text).map(({ word }) => word));
	return new Set(words.filter((word) => word.length >= MIN_NAME));
}

type Recordings = { agencyId: string; impersonationIds: readonly string[] };

type Asked = { seq: string; query: string; about: boolean };

/** What the index is asked for; with its owner, so that a frequent word is not looked through in what other agencies saw. */
const toAsked = (searches: Search[], agencyId: string, named: ReadonlySet<string>): Asked[] =>
	searches.flatMap(({ seq, words }) => {
		const terms = readTerms(words);
		const query = `'a:${agencyId}' & ${queryOf(terms)}`;
		return terms.length > 0 ? [{ seq, query, about: isAbout(terms, named) }] : [];
	});

const setOf = (ids: readonly string[]) =>
	sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`;
const rowsOf = (asked: Asked[]) =>
	sql`jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS q(seq bigint, query text, about boolean)`;

/** Searches that any of these recordings answers: the only older ones that `forgetSearches` has to look at for each of them. */
export async function findSearches(
	reader: Reader,
	{ agencyId, impersonationIds }: Recordings
): Promise<FoundSearches> {
	if (impersonationIds.length === 0) return ALL;
	const seqs: string[] = [];
	let upTo = '0';
	for await (const searches of readSearches(reader, agencyId, ALL)) {
		const rows = await reader.execute<{ seq: string }>(sql`
			SELECT q.seq::text AS seq FROM ${rowsOf(toAsked(searches, agencyId, new Set()))} WHERE EXISTS (SELECT FROM seen_text s
				WHERE s.impersonation_id IN ${setOf(impersonationIds)} AND s.words @@ q.query::tsquery)`);
		seqs.push(...rows.map(({ seq }) => seq));
		upTo = searches.at(-1)?.seq ?? upTo;
	}
	return { seqs, upTo };
}

type Erased = Recordings & {
	/** Words that name who is erased: a search for them says something even where it found nothing. */
	named?: ReadonlySet<string>;
	found?: FoundSearches;
};

/** To be called before the rows of the index go. */
export async function forgetSearches(
	tx: Tx,
	{ agencyId, impersonationIds, named = new Set(), found = ALL }: Erased
): Promise<void> {
	if (impersonationIds.length === 0 && named.size === 0) return;
	const erased = setOf(impersonationIds);
	for await (const searches of readSearches(tx, agencyId, found))
		await tx.execute(sql`
			DELETE FROM action_details d USING ${rowsOf(toAsked(searches, agencyId, named))}
			WHERE d.seq = q.seq
				AND (q.about OR EXISTS (SELECT FROM seen_text s WHERE s.impersonation_id IN ${erased} AND s.words @@ q.query::tsquery))
				AND NOT EXISTS (SELECT FROM seen_text s WHERE s.agency_id = ${agencyId} AND s.words @@ q.query::tsquery
					AND s.impersonation_id NOT IN ${erased})`);
}
