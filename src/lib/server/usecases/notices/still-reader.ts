// A mail that waited for a receipt was written hours ago: its reader may have lost the right to what it is about since, or left.
import type { Db } from '#server/db/types.ts';
import { readTold } from './read-told.ts';
import { recipientsOf } from './recipients.ts';

/** As `spread-notices` names the mails that may wait. */
const ABOUT = /^notice:(\d{1,18}):([0-9a-f-]{36})$/;

/**
 * Asked by the very function that chose them.
 * @returns where to send it now, or null where they would not be told any more
 */
export async function stillReader(db: Db, about: string): Promise<string | null> {
	const [, seq, id] = ABOUT.exec(about) ?? [];
	if (!seq || !id) return null;
	return db.transaction(async (tx) => {
		const told = await readTold(tx, seq);
		const all = told ? await recipientsOf(tx, told) : [];
		return all.find((one) => one.id === id && one.wish.mail)?.email ?? null;
	});
}
