// The keys of recordings in the database, each wrapped by its agency's key.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { agencyKey, newKey, unwrapKey, wrapKey } from './recording-keys.ts';

export type RecordingIds = { agencyId: string; impersonationId: string };

/** Whether a master key opens the latest key that is stored; true where none is. */
export async function opensStored(reader: Db | Tx, master: Uint8Array): Promise<boolean> {
	const [row] = await reader.execute<{ id: string; agency_id: string; wrapped: Buffer }>(sql`
		SELECT impersonation_id AS id, agency_id, wrapped FROM recording_key ORDER BY created_at DESC LIMIT 1`);
	if (!row) return true;
	try {
		unwrapKey(agencyKey(master, row.agency_id, 'recording'), row.wrapped, row.id);
		return true;
	} catch {
		return false;
	}
}

export class StoredKeys {
	private readonly db: Db;
	private readonly master: Uint8Array;

	constructor({ db, master }: { db: Db; master: Uint8Array }) {
		this.db = db;
		this.master = master;
	}

	/** The recording's key, or null when there is none (any more). */
	async find({ agencyId, impersonationId }: RecordingIds): Promise<Buffer | null> {
		const [row] = await this.db.execute<{ wrapped: Buffer }>(sql`
			SELECT wrapped FROM recording_key WHERE impersonation_id = ${impersonationId} AND agency_id = ${agencyId}`);
		if (!row) return null;
		return unwrapKey(agencyKey(this.master, agencyId, 'recording'), row.wrapped, impersonationId);
	}

	/** @throws AppError `not_found` when the recording was erased, or nothing of it is sealed yet */
	async require(ids: RecordingIds): Promise<Buffer> {
		const key = await this.find(ids);
		if (!key) throw new AppError('not_found', 'This recording was erased.');
		return key;
	}

	/**
	 * The recording's key, made where there is none yet. Of several who make one at once, all get the same.
	 * @throws AppError `not_found` when it was erased: it must not rise again with another key
	 */
	async ensure(ids: RecordingIds): Promise<Buffer> {
		const known = await this.find(ids);
		if (known) return known;
		const { agencyId, impersonationId } = ids;
		const by = agencyKey(this.master, agencyId, 'recording');
		const wrapped = wrapKey(by, newKey(), impersonationId);
		await this.db.execute(sql`
			INSERT INTO recording_key (impersonation_id, agency_id, wrapped)
			SELECT i.id, i.agency_id, ${wrapped}::bytea FROM impersonation i
			WHERE i.id = ${impersonationId} AND i.agency_id = ${agencyId}
				AND NOT EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NOT NULL)
			ON CONFLICT (impersonation_id) DO NOTHING`);
		return this.require(ids);
	}
}
