// Use cases over the action log itself: signing and verifying its chains.
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import { drainOutbox, type OutboxTargets } from '../db/outbox.ts';
import { foldTallies } from '../db/tallies.ts';
import { signHeads } from '../usecases/log/sign-heads.ts';
import type { Parts } from './parts.ts';

/** The installation's key in the database, where an auditor finds the public half. @returns its row's id */
async function registerKey({
	db,
	ids,
	signingKey
}: Pick<Parts, 'db' | 'ids' | 'signingKey'>): Promise<string> {
	const [row] = await db.execute<{ id: string }>(sql`
		INSERT INTO signing_key (id, public_key) VALUES (${ids.uuid()}, ${signingKey.publicPem})
		ON CONFLICT (public_key) DO NOTHING RETURNING id`);
	if (row) return row.id;
	const [known] = await db.execute<{ id: string }>(
		sql`SELECT id FROM signing_key WHERE public_key = ${signingKey.publicPem}`
	);
	if (!known) throw new Error('The signing key could not be registered.');
	return known.id;
}

export function composeLog(parts: Pick<Parts, 'db' | 'ids' | 'signingKey'>) {
	const { db, ids, signingKey } = parts;
	let keyId: Promise<string> | null = null;
	return {
		signHeads: async (only: AgencyId | null): Promise<number> => {
			keyId ??= registerKey(parts);
			return signHeads({ db, ids, signer: { keyId: await keyId, privateKey: signingKey.privateKey } })(only);
		},
		drain: (targets: OutboxTargets) => drainOutbox(db, targets),
		foldTallies: () => foldTallies(db)
	};
}
