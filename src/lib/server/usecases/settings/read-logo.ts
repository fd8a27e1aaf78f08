// The agency's logo as a stream; what it is allowed to be was decided when it was stored.
import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';

export type OpenLogo = { stream: Readable; mediaType: string };

/** @throws AppError `not_found` where there is none */
export const readLogo =
	({ db, blobs }: { db: Db; blobs: Blobs }) =>
	async (agencyId: AgencyId): Promise<OpenLogo> => {
		const [row] = await db.execute<{ logo_key: string | null; logo_type: string | null }>(
			sql`SELECT logo_key, logo_type FROM agency WHERE id = ${agencyId}`
		);
		const stream = row?.logo_key ? await blobs.open(`logos/${row.logo_key}`) : null;
		if (!stream || !row?.logo_type) throw new AppError('not_found', 'There is no logo.');
		return { stream, mediaType: row.logo_type };
	};
