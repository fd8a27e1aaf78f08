// The catalogue of actions: every change, and every disclosure worth proving (design.md §3).
// Stored for ever: entries are added, never renamed or removed [H4].
import type { AreaKey } from './portal-areas.ts';
import type { Permission } from './permissions.ts';

/** `control` steers an impersonation itself and is done by staff or the system, never from inside through the gate's cuts. */
export type ActionKind = 'change' | 'disclosure' | 'control';
export type Sensitivity = 'normal' | 'sensitive' | 'forbidden';

export type ActionEntry = {
	/** Past tense, begins a row: "Created task". */
	title: string;
	kind: ActionKind;
	sensitivity: Sensitivity;
	/** Portal area whose visibility and right it needs; null for agency-side actions. */
	area: AreaKey | null;
	/** Staff permission it needs when staff do it on the agency host. */
	permission: Permission | null;
};

const portal = (
	title: string,
	area: AreaKey,
	kind: ActionKind = 'change',
	sensitivity: Sensitivity = 'normal'
): ActionEntry => ({ title, kind, sensitivity, area, permission: null });

const control = (title: string, permission: Permission | null): ActionEntry => ({
	title,
	kind: 'control',
	sensitivity: 'normal',
	area: null,
	permission
});

export const ACTIONS = {
	'task.created': portal('Created task', 'tasks'),
	'task.edited': portal('Edited task', 'tasks'),
	'task.completed': portal('Completed task', 'tasks'),
	'task.reopened': portal('Reopened task', 'tasks'),
	'task.commented': portal('Commented on task', 'tasks'),
	'task.file_attached': portal('Attached file', 'tasks'),
	'folder.created': portal('Created folder', 'files'),
	'file.uploaded': portal('Uploaded file', 'files'),
	'file.downloaded': portal('Downloaded file', 'files', 'disclosure'),
	'file.deleted': portal('Deleted file', 'files', 'change', 'sensitive'),
	'credentials.changed': portal('Changed sign-in credentials', 'home', 'change', 'forbidden'),
	'impersonation.started': control('Started impersonation', 'impersonate'),
	'impersonation.entered': control('Entered the portal', null),
	'impersonation.mode_changed': control('Changed mode', null),
	'impersonation.frozen': control('Froze impersonation', 'supervise'),
	'impersonation.released': control('Released impersonation', 'supervise'),
	'impersonation.ended': control('Ended impersonation', null),
	'watch.joined': control('Began watching', 'supervise'),
	'watch.left': control('Stopped watching', null),
	'recording.replayed': control('Replayed recording', 'review')
} as const satisfies Record<string, ActionEntry>;

export type ActionName = keyof typeof ACTIONS;

export const isActionName = (name: string): name is ActionName => name in ACTIONS;

/** "Created task", or "Tried: created task" for a refused attempt. */
export function actionTitle(name: string, outcome: 'done' | 'refused' = 'done'): string {
	const title = isActionName(name) ? ACTIONS[name].title : name;
	return outcome === 'done' ? title : `Tried: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}
