// Who may ask about recordings. Edges check too; here it holds for whoever else calls.
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Permission } from '#domain/permissions.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';

/** @throws AppError `not_allowed` when the actor no longer holds the permission */
export async function requirePermission(
	reader: Reader,
	actor: StaffActor,
	permission: Permission
): Promise<void> {
	const standing = await readStaff(reader, actor);
	if (!standing?.permissions.has(permission))
		throw new AppError('not_allowed', 'Your role does not include recordings.');
}

/** An id out of an address. What is no UUID is no record of ours, and must not reach the database as one. */
export function requireId(id: string): string {
	if (!isUuid(id)) throw new AppError('not_found', 'There is no such recording.');
	return id;
}
