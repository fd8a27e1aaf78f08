// How much one client may store, where it differs from what the agency gives each.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { GIGABYTE, GIGABYTES_FAULT, MAX_GIGABYTES } from '#domain/storage-limit.ts';
import type { Db } from '#server/db/types.ts';
import { requireClient } from '../agency/require-reader.ts';

/** Whole gigabytes as bytes; empty is the agency's limit (null), and a form without the field leaves it as it is. */
export const storageLimit = z
	.string()
	.trim()
	.regex(/^\d{0,6}$/, GIGABYTES_FAULT)
	.transform((text) => (text === '' ? null : Number(text)))
	.refine((value) => value === null || (value >= 1 && value <= MAX_GIGABYTES), GIGABYTES_FAULT)
	.transform((value) => value && value * GIGABYTE)
	.optional();

/** In bytes. `own` is null where the client has what every one has: `usual`. */
export type ClientStorage = { own: number | null; usual: number };

/** @throws AppError `not_found` for another agency's client too, `not_allowed` without `clients.read` */
export const readClientStorage =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<ClientStorage> => {
		await requireClient(db, actor, clientId);
		const [row] = await db.execute<{ own: string | null; usual: string }>(sql`
			SELECT c.quota_bytes AS own, a.client_quota_bytes AS usual FROM client c JOIN agency a ON a.id = c.agency_id
			WHERE c.id = ${clientId} AND c.agency_id = ${actor.agencyId}`);
		return { own: row?.own ? Number(row.own) : null, usual: Number(row?.usual ?? 0) };
	};
