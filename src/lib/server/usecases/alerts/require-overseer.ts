// Who may read and settle alerts: whoever watches what runs, or reviews what ended.
import type { StaffActor } from '#domain/actor.ts';
import { ALERT_PERMISSIONS } from '#domain/agency-areas.ts';
import { AppError } from '#domain/errors.ts';
import type { Permission } from '#domain/permissions.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';

/**
 * @returns what the actor holds
 * @throws AppError `not_allowed` when that is none of the permissions any more
 */
export async function requireOverseer(reader: Reader, actor: StaffActor): Promise<ReadonlySet<Permission>> {
	const standing = await readStaff(reader, actor);
	if (!standing || !ALERT_PERMISSIONS.some((permission) => standing.permissions.has(permission)))
		throw new AppError('not_allowed', 'Your role does not include alerts.');
	return standing.permissions;
}
