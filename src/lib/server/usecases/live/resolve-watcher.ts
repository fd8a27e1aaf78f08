// Who stands behind a connection to /watch: the staff session of its cookie, holding `observe` at this moment.
import type { StaffActor } from '#domain/actor.ts';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import { watchRole, type WatchRole } from '#domain/watch-role.ts';
import type { Refusal, Watcher } from '#protocol/index.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { initials } from './initials.ts';

export type WatcherIdentity = { actor: StaffActor; watcher: Watcher & { role: WatchRole } };
export type ResolvedWatcher = { ok: true; identity: WatcherIdentity } | { ok: false; refusal: Refusal };

export type ResolveWatcherDependencies = {
	db: Db;
	staffSessionOf(
		cookieHeader: string | undefined
	): Promise<{ staffId: string; agencyId: string; sessionId: string } | null>;
};

/** Resolves the handshake of a watcher, or says why it is refused. */
export const resolveWatcher =
	({ db, staffSessionOf }: ResolveWatcherDependencies) =>
	async (input: { cookieHeader: string | undefined }): Promise<ResolvedWatcher> => {
		const session = await staffSessionOf(input.cookieHeader);
		if (!session) return { ok: false, refusal: 'not_signed_in' };
		const actor: StaffActor = {
			kind: 'staff',
			agencyId: session.agencyId as AgencyId,
			staffId: session.staffId as StaffId,
			sessionId: session.sessionId
		};
		const standing = await readStaff(db, actor);
		if (!standing) return { ok: false, refusal: 'not_signed_in' };
		const role = watchRole(standing.permissions);
		if (!role) return { ok: false, refusal: 'not_allowed' };
		const { name } = standing;
		return {
			ok: true,
			identity: { actor, watcher: { staffId: actor.staffId, name, initials: initials(name), role } }
		};
	};
