// Words of searches stand in the action log. Where they were found only in what is being erased, they quote it, and go with it: the rows
// stay in the chain and say that, when and by whom it was searched.
import { sql } from 'drizzle-orm';
import type { Tx } from '#server/db/types.ts';
import { queryOf, readTerms } from '#server/recordings/search-words.ts';

/** Searches looked at in one statement. */
const AT_ONCE = 500;

type Search = { seq: string; words: string };

async function readSearches(tx: Tx, agencyId: string, after: string): Promise<Search[]> {
	const rows = await tx.execute<{ seq: string; words: string | null }>(sql`
		SELECT a.seq::text AS seq, d.details::jsonb ->> 'words' AS words FROM action a JOIN action_details d ON d.seq = a.seq
		WHERE a.agency_id = ${agencyId} AND a.action = 'recordings.searched' AND a.outcome = 'done' AND a.seq > ${after}::bigint
		ORDER BY a.seq LIMIT ${AT_ONCE}`);
	return rows.map(({ seq, words }) => ({ seq, words: words ?? '' }));
}

/** To be called before the rows of the index go. */
export async function forgetSearches(
	tx: Tx,
	agencyId: string,
	impersonationIds: readonly string[]
): Promise<void> {
	if (impersonationIds.length === 0) return;
	const erased = sql`(SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(impersonationIds)}::text::jsonb))`;
	let after = '0';
	for (;;) {
		const searches = await readSearches(tx, agencyId, after);
		const asked = searches.flatMap(({ seq, words }) => {
			const terms = readTerms(words);
			// With its owner, so that a frequent word is not looked through in what other agencies saw.
			return terms.length > 0 ? [{ seq, query: `'a:${agencyId}' & ${queryOf(terms)}` }] : [];
		});
		await tx.execute(sql`
			DELETE FROM action_details d USING jsonb_to_recordset(${JSON.stringify(asked)}::text::jsonb) AS q(seq bigint, query text)
			WHERE d.seq = q.seq
				AND EXISTS (SELECT FROM seen_text s WHERE s.impersonation_id IN ${erased} AND s.words @@ q.query::tsquery)
				AND NOT EXISTS (SELECT FROM seen_text s WHERE s.agency_id = ${agencyId} AND s.words @@ q.query::tsquery
					AND s.impersonation_id NOT IN ${erased})`);
		const last = searches.at(-1);
		if (!last || searches.length < AT_ONCE) return;
		after = last.seq;
	}
}
