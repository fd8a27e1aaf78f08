// The inverse of an export: the pages of a file become the recording of an impersonation that has none, at other times if wanted. They go
// through the live log and are sealed like any other, under a key of this installation. Broken off, the same call goes on.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import { MASKING_VERSION } from '#protocol/masking.ts';
import type { AssetLookup } from '#recorder/format/safe-css.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { readExported, type ExportedFile, type ExportedPage } from './read-exported.ts';

type Deps = {
	db: Db;
	ids: Ids;
	liveLog: LiveLog;
	seal(pageId: string): Promise<unknown>;
	/** What of its pictures and fonts this installation has. */
	allowedAssets: AssetLookup;
};

export type ImportInput = ExportedFile & {
	agencyId: AgencyId;
	impersonationId: string;
	/** Added to every time in the file. */
	shiftMs: number;
	/** Numbers for the pages, in the order of the file, where something names them already. */
	pageIds?: readonly string[];
};

const at = (ms: number | null) => sql`to_timestamp(${ms}::float8 / 1000)`;

/** Rows of the pages in the order of the file, made unless a call before this one made them. */
async function ensurePages(
	{ db, ids }: Deps,
	{ agencyId, impersonationId, shiftMs, pageIds }: ImportInput,
	pages: readonly ExportedPage[]
): Promise<string[]> {
	return db.transaction(async (tx) => {
		const [owner] = await tx.execute(sql`SELECT FROM impersonation WHERE id = ${impersonationId}
			AND agency_id = ${agencyId} AND state = 'ended' FOR UPDATE`);
		if (!owner) throw new AppError('not_found', 'There is no such impersonation, or it still runs.');
		const known = await tx.execute<{ id: string }>(
			sql`SELECT id FROM page WHERE impersonation_id = ${impersonationId} ORDER BY opened_at, id`
		);
		if (known.length > 0) return known.map(({ id }) => id);
		// Pictures come to a stay that had none: it is to be looked at again when its days are over.
		await tx.execute(sql`UPDATE impersonation SET erased_at = NULL WHERE id = ${impersonationId}`);
		const made: string[] = [];
		for (const { address, title, openedAt, batches, events, firstAt, lastAt } of pages) {
			const id = pageIds?.[made.length] ?? ids.uuid();
			const bytes = batches.reduce((sum, batch) => sum + batch.bytes.byteLength, 0);
			const [first, last] = [firstAt ?? openedAt, lastAt ?? openedAt].map((ms) => at(ms + shiftMs));
			await tx.execute(sql`
				INSERT INTO page (id, agency_id, impersonation_id, opened_at, address, title, snapshot_at, first_event_at, last_event_at,
					last_beat_at, closed_at, events, bytes, masking, masking_version)
				VALUES (${id}, ${agencyId}, ${impersonationId}, ${at(openedAt + shiftMs)}, ${address.slice(0, 2_000)},
					${title.slice(0, 300)}, ${first}, ${first}, ${last}, ${last}, ${last}, ${events}, ${bytes}, 'personal',
					${MASKING_VERSION}::int)`);
			made.push(id);
		}
		return made;
	});
}

/**
 * @returns ids of the pages, in the order of the file
 * @throws AppError `invalid`, `too_large` for a file that is none or hostile; `not_found`; `conflict` where another recording stands;
 * `try_later`
 */
export const importRecording =
	(deps: Deps) =>
	async (input: ImportInput): Promise<string[]> => {
		const pages = await readExported(input, deps.allowedAssets);
		const pageIds = await ensurePages(deps, input, pages);
		if (pageIds.length !== pages.length)
			throw new AppError('conflict', 'This impersonation has a recording already.');
		const { impersonationId, shiftMs } = input;
		for (const [index, pageId] of pageIds.entries()) {
			for (const { seq, receivedAt, offsetMs, bytes } of pages[index]?.batches ?? []) {
				const times = { receivedAt: receivedAt + shiftMs, offsetMs: offsetMs + shiftMs };
				await deps.liveLog.append({ impersonationId, pageId, seq, bytes, ...times });
			}
			await deps.seal(pageId);
			deps.liveLog.release(pageId);
		}
		return pageIds;
	};
