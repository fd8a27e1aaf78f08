// Long parts of one record (its comments, history, files): the newest stand on the record's page, earlier ones a page
// further, so that none is cut off for good.
import { sql } from 'drizzle-orm';

/** As much as one reads of a part before looking for something older. */
export const PART_SIZE = 50;

/** Which page of each part, counted from 1, where it is not the first. */
export type PartPages<K extends string> = Partial<Record<K, number>>;

/** `earlier`: there is more behind these. */
export type Part<T> = { rows: T[]; earlier: boolean };

/** SQL: the end of a query that begins with the newest; one row more than is shown tells whether there is an earlier page. */
export const partAt = (page = 1) => sql`LIMIT ${PART_SIZE + 1} OFFSET ${(page - 1) * PART_SIZE}`;

export const cutPart = <T>(rows: readonly T[]): Part<T> => ({
	rows: rows.slice(0, PART_SIZE),
	earlier: rows.length > PART_SIZE
});

/** As `cutPart`, for what is read from the oldest down. */
export const cutUpwards = <T>(rows: readonly T[]): Part<T> => {
	const part = cutPart(rows);
	return { ...part, rows: part.rows.toReversed() };
};
