// The end of recordings. The key goes first: from that commit on nobody can open what is sealed, whatever happens to the
// rest; then objects, rows and the live log. Broken off anywhere, the next run goes on.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import type { PageId } from '#domain/ids.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { dropAssets } from '#server/recordings/page-assets.ts';

export type EraseDeps = {
	db: Db;
	liveLog: LiveLog;
	blobs: Blobs;
	/** What of it is held in memory goes, too. */
	forget(pageId: string): Promise<void>;
};

/** Tells every process to let go of what it holds of a recording; lost, it is let go of as other recordings are opened. */
export const erasedSignal = (agencyId: string, impersonationId: string): OutboxItem & { kind: 'signal' } => ({
	kind: 'signal',
	signal: { topic: 'recording.erased', agencyId, impersonationId }
});

/** Pages one run removes, so that the first run after a long pause does not hold the log for minutes. */
const RUN = 5_000;

/** What was said, pointed at and drawn over the screen while it was recorded. */
const HELP: readonly ActionName[] = ['watch.wrote', 'impersonation.wrote', 'watch.pointed', 'watch.drew'];

/** It belongs to the pictures: the words go, the rows stay in the chain and say who spoke, and when. */
const forgetHelp = (tx: Tx, impersonationId: string) =>
	tx.execute(sql`
		DELETE FROM action_details d USING action a WHERE a.seq = d.seq AND a.impersonation_id = ${impersonationId}
			AND a.action IN (SELECT jsonb_array_elements_text(${JSON.stringify(HELP)}::text::jsonb))`);

/**
 * Destroys the key of one recording, and of pictures that only it shows; nothing more of it is sealed, and it is searched no more.
 * Twice is once.
 * @returns how many pages lost it now
 */
export async function destroyKey(tx: Tx, impersonationId: string): Promise<number> {
	// In the order in which sealing locks them: it finishes first, or finds the key gone.
	await tx.execute(sql`DELETE FROM recording_key WHERE impersonation_id = ${impersonationId}`);
	const pages = await tx.execute(sql`
		UPDATE page SET erased_at = clock_timestamp() WHERE impersonation_id = ${impersonationId} AND erased_at IS NULL`);
	await tx.execute(
		sql`UPDATE impersonation SET erased_at = clock_timestamp() WHERE id = ${impersonationId} AND erased_at IS NULL`
	);
	// With the key, not after it: from this commit on nothing of it is found either.
	await tx.execute(sql`DELETE FROM seen_text WHERE impersonation_id = ${impersonationId}`);
	await tx.execute(sql`DELETE FROM page_fault WHERE impersonation_id = ${impersonationId}`);
	await tx.execute(sql`DELETE FROM page_sketch WHERE impersonation_id = ${impersonationId}`);
	await tx.execute(sql`DELETE FROM masked_stretch WHERE impersonation_id = ${impersonationId}`);
	await dropAssets(tx, impersonationId);
	// What people wrote at its moments tells of what was seen. That it was judged, and how, is told on.
	await tx.execute(sql`DELETE FROM recording_comment WHERE impersonation_id = ${impersonationId}`);
	await tx.execute(sql`DELETE FROM recording_bookmark WHERE impersonation_id = ${impersonationId}`);
	await forgetHelp(tx, impersonationId);
	return pages.count;
}

async function removePage(
	{ db, liveLog, blobs, forget }: EraseDeps,
	page: { id: PageId; impersonation_id: string }
) {
	await forget(page.id);
	const objects = await db.execute<{ blob_key: string }>(sql`
		SELECT blob_key FROM block WHERE page_id = ${page.id}
		UNION ALL SELECT blob_key FROM page_dictionary WHERE page_id = ${page.id}
		UNION ALL SELECT blob_key FROM unnamed_object
			WHERE starts_with(blob_key, ${`recordings/${page.impersonation_id}/${page.id}/`})`);
	for (const { blob_key: key } of objects) await blobs.remove(key);
	await liveLog.remove(page.id);
	// Marked last: removing twice is harmless, forgetting to remove is not.
	await db.transaction(async (tx) => {
		await tx.execute(sql`DELETE FROM block WHERE page_id = ${page.id}`);
		await tx.execute(sql`DELETE FROM page_dictionary WHERE page_id = ${page.id}`);
		await tx.execute(sql`UPDATE page SET removed_at = clock_timestamp() WHERE id = ${page.id}`);
	});
}

/** Removes what is left of recordings whose key is destroyed. @returns how many pages */
export const removeErased = (deps: EraseDeps) => async (): Promise<number> => {
	const pages = await deps.db.execute<{ id: PageId; impersonation_id: string }>(sql`
			SELECT id, impersonation_id FROM page WHERE erased_at IS NOT NULL AND removed_at IS NULL
			ORDER BY random() LIMIT ${RUN}`);
	// One that cannot be removed now must not keep the others; the next run tries it again.
	const faults: unknown[] = [];
	for (const page of pages) await removePage(deps, page).catch((fault: unknown) => faults.push(fault));
	if (faults.length > 0)
		throw new AggregateError(faults, `${faults.length} erased pages could not be removed.`);
	return pages.length;
};
