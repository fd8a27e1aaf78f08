// How much a client may store, and does. Deleted files do not count; uploads under way do.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { formatSize } from '#domain/size.ts';
import type { Reader, Tx } from '#server/db/types.ts';
import type { Account } from '../portal/either-side.ts';

export type Quota = { usedBytes: number; limitBytes: number };

/** `except`: an upload that is about to become a file would otherwise count twice. */
export async function readQuota(reader: Reader, account: Account, except?: string): Promise<Quota> {
	const [row] = await reader.execute<{ used: string; allowed: string }>(sql`
		SELECT COALESCE(c.quota_bytes, a.client_quota_bytes) AS allowed,
			(SELECT COALESCE(sum(f.bytes), 0) FROM file f WHERE f.client_id = c.id AND f.deleted_at IS NULL)
			+ (SELECT COALESCE(sum(u.bytes), 0) FROM upload u WHERE u.client_id = c.id AND u.expires_at > now() AND u.file_id IS NULL
				AND u.id IS DISTINCT FROM ${except ?? null}::uuid) AS used
		FROM client c JOIN agency a ON a.id = c.agency_id
		WHERE c.id = ${account.clientId} AND c.agency_id = ${account.agencyId}`);
	return { usedBytes: Number(row?.used ?? 0), limitBytes: Number(row?.allowed ?? 0) };
}

/**
 * Holds the client's storage until the change is done: two uploads at once, each of which fits alone, are counted one
 * after the other.
 * @throws AppError `too_large`, with what is free and what to do
 */
export async function requireSpace(tx: Tx, account: Account, bytes: number, except?: string): Promise<void> {
	await tx.execute(
		sql`SELECT pg_advisory_xact_lock(hashtextextended('quota:' || ${account.clientId}::text, 0))`
	);
	const { usedBytes, limitBytes } = await readQuota(tx, account, except);
	const free = Math.max(0, limitBytes - usedBytes);
	if (bytes <= free) return;
	throw new AppError(
		'too_large',
		`This needs ${formatSize(bytes)}, and ${formatSize(free)} of ${formatSize(limitBytes)} is free. Delete files you no longer need, or ask your agency for more space.`,
		{ field: 'file' }
	);
}
