// Signs the heads of the chains with Ed25519. Anyone with the public key can verify, nobody who verifies can forge.
import { sign, type KeyObject } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';

export type Head = { agencyId: AgencyId; seq: string; rows: string; hash: Buffer };

/** What is signed; the first word names the form, which is kept for ever [H4]. */
export const headBytes = (head: Head): Buffer =>
	Buffer.from(
		JSON.stringify(['switchback.head.1', head.agencyId, head.seq, head.rows, head.hash.toString('hex')])
	);

export type Signer = { keyId: string; privateKey: KeyObject };

/** Signs every head that moved since it was last signed, or only one agency's. @returns how many */
export const signHeads =
	({ db, ids, signer }: { db: Db; ids: Ids; signer: Signer }) =>
	async (only: AgencyId | null): Promise<number> => {
		const moved = await db.execute<{ agency_id: AgencyId; seq: string; rows: string; hash: Buffer }>(sql`
			SELECT h.agency_id, h.seq::text AS seq, h.rows::text AS rows, h.hash FROM chain_head h
			WHERE h.rows > 0 AND (${only}::uuid IS NULL OR h.agency_id = ${only})
				AND NOT EXISTS (SELECT FROM signed_head s WHERE s.agency_id = h.agency_id AND s.seq = h.seq)`);
		for (const row of moved) {
			const head = { agencyId: row.agency_id, seq: row.seq, rows: row.rows, hash: row.hash };
			const signature = sign(null, headBytes(head), signer.privateKey);
			// Two workers may sign the same head: one row stays.
			await db.execute(sql`
				INSERT INTO signed_head (id, agency_id, seq, rows, hash, key_id, signature)
				VALUES (${ids.uuid()}, ${row.agency_id}, ${row.seq}, ${row.rows}, ${row.hash}, ${signer.keyId}, ${signature})
				ON CONFLICT (agency_id, seq) DO NOTHING`);
		}
		return moved.length;
	};
