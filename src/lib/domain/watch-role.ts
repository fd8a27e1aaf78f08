// What a watcher may do beside looking, by permission: an observer sees, a helper points, draws and writes, a moderator stops.
import type { Permission } from './permissions.ts';

export const WATCH_ROLES = ['observer', 'helper', 'moderator'] as const;
export type WatchRole = (typeof WATCH_ROLES)[number];

/** The role these permissions give, or null where they do not even allow watching. */
export function watchRole(permissions: ReadonlySet<Permission>): WatchRole | null {
	if (permissions.has('supervise')) return 'moderator';
	if (permissions.has('assist')) return 'helper';
	return permissions.has('observe') ? 'observer' : null;
}

/** Whether the role may point, draw and write. */
export const mayHelp = (role: WatchRole): boolean => role !== 'observer';

/** Whether the role may steer: freeze, hold at View only, take control, end. */
export const mayModerate = (role: WatchRole): boolean => role === 'moderator';

/** As people read it. */
export const WATCH_ROLE_NAMES: Record<WatchRole, string> = {
	observer: 'Observer',
	helper: 'Helper',
	moderator: 'Moderator'
};
