// What a page that is about to be recorded has to mask: the agency's rule, and the client's key for what is
// personal.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { STRICTEST_MASKING } from '#domain/masking.ts';
import { policySchema } from '#domain/policy.ts';
import type { PageMasking } from '#protocol/masking.ts';
import type { Db } from '#server/db/types.ts';
import type { PersonalKeys } from '#server/recordings/personal-keys.ts';

export const pageMasking =
	({ db, personalKeys }: { db: Db; personalKeys: Pick<PersonalKeys, 'ensure'> }) =>
	async ({ agencyId, clientId }: ImpersonationActor): Promise<PageMasking> => {
		const [row] = await db.execute<{ policy: unknown }>(
			sql`SELECT policy FROM agency WHERE id = ${agencyId}`
		);
		// Without its rows nobody knows what may be shown: then as little as possible.
		const profile = row ? policySchema.parse(row.policy).masking : STRICTEST_MASKING;
		return { profile, personal: await personalKeys.ensure({ agencyId, clientId }) };
	};
