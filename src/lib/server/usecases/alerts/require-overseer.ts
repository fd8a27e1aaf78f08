// Who may read and settle alerts: whoever watches what runs, or reviews what ended.
import type { StaffActor } from '#domain/actor.ts';
import { ALERT_PERMISSIONS } from '#domain/agency-areas.ts';
import { AppError } from '#domain/errors.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';

/** @throws AppError `not_allowed` when the actor no longer holds one of the permissions */
export async function requireOverseer(reader: Reader, actor: StaffActor): Promise<void> {
	const standing = await readStaff(reader, actor);
	if (!ALERT_PERMISSIONS.some((permission) => standing?.permissions.has(permission)))
		throw new AppError('not_allowed', 'Your role does not include alerts.');
}
