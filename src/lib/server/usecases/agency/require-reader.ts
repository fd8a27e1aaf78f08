// What every read of the agency side asks first. Edges check too; here it holds for whoever else calls.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import { readStaff, type StaffStanding } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';

export const PAGE_SIZE = 25;

/** @throws AppError `not_allowed` when the actor no longer holds the permission */
export async function requireReader(
	reader: Reader,
	actor: StaffActor,
	permission: Permission
): Promise<StaffStanding> {
	const standing = await readStaff(reader, actor);
	if (!standing?.permissions.has(permission))
		throw new AppError('not_allowed', 'Your role does not include this page.');
	return standing;
}

/** A client of the actor's own agency. Another agency's looks like one that does not exist: ids are not to be probed. */
export async function requireClient(
	reader: Reader,
	actor: StaffActor,
	clientId: string
): Promise<StaffStanding> {
	const standing = await requireReader(reader, actor, 'clients.read');
	// What is no UUID must not reach the database as one: it would be a fault there, not an answer.
	const rows = isUuid(clientId)
		? await reader.execute(sql`SELECT FROM client WHERE id = ${clientId} AND agency_id = ${actor.agencyId}`)
		: [];
	if (rows.length === 0) throw new AppError('not_found', 'There is no such client.');
	return standing;
}

/** SQL: an instant as ms since the epoch, null stays null. */
export const ms = (column: string) => sql.raw(`(extract(epoch FROM ${column}) * 1000)::float8`);

/** A typed text as a pattern that matches it anywhere; its own % and _ stand for themselves. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
