// What helpers pointed at and drew while somebody was inside, as the log keeps it: a replay draws it over the page again. Always
// within one agency; permission is the callers'.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { shownStretch, type ShownStretch } from '#protocol/help.ts';
import type { Reader } from '#server/db/types.ts';

/** Each is half a minute at most: hours of it. */
const MAX_ROWS = 1_000;
/**
 * Of each helper: what a hub keeps of one fits in. Attack: rows of before there was such a limit, of a helper who drew without end, make
 * a replay that no browser opens; nor may they push away what others drew.
 */
const MAX_BYTES_EACH = 4 * 1024 * 1024;

const details = z.object({ shown: shownStretch });

/** What the details hold, or null where they were erased. */
function read(text: string | null): z.infer<typeof shownStretch> | null {
	if (text === null) return null;
	const parsed = details.safeParse(JSON.parse(text));
	return parsed.success ? parsed.data.shown : null;
}

/** Oldest first. */
export async function readShown(reader: Reader, agencyId: string, id: string): Promise<ShownStretch[]> {
	const rows = await reader.execute<{ details: string | null; staffId: string; name: string }>(sql`
		SELECT details, "staffId", name FROM (
			SELECT x.seq, d.details, s.id AS "staffId", s.name,
				sum(octet_length(d.details)) OVER (PARTITION BY s.id ORDER BY x.seq) AS bytes
			FROM action x JOIN action_details d ON d.seq = x.seq JOIN staff s ON s.id = x.actor_staff_id
			WHERE x.impersonation_id = ${id} AND x.agency_id = ${agencyId} AND x.action IN ('watch.drew', 'watch.pointed')
				AND x.outcome = 'done') told
		WHERE bytes <= ${MAX_BYTES_EACH} ORDER BY seq LIMIT ${MAX_ROWS}`);
	return rows.flatMap(({ details: text, staffId, name }) => {
		const shown = read(text);
		return shown ? [{ ...shown, by: { staffId, name } }] : [];
	});
}
