// What a supervisor's live page shows beside the picture: the head with its details, and what happened so far. The
// hub sends what follows.
import type { StaffActor } from '#domain/actor.ts';
import { actionTitle } from '#domain/actions.ts';
import { viewTitle, type LoggedAction, type SeenView } from '#domain/timeline.ts';
import type { LiveEntry } from '#protocol/index.ts';
import type { Db } from '#server/db/types.ts';
import { headOf, type RecordingHead } from './read-recording.ts';
import { liveFault, readLatestFaults } from './read-faults.ts';
import { readActions, readHead, readViews } from './read-rows.ts';
import { requireId, requirePermission } from './require-permission.ts';
import { requireWatchable } from './require-watchable.ts';

export type Supervised = RecordingHead & {
	expiresAt: number;
	idleLimitMs: number;
	/** Newest first. */
	entries: LiveEntry[];
};

const fromAction = (row: LoggedAction): LiveEntry => ({
	id: row.seq,
	at: row.at,
	kind: row.outcome === 'refused' ? 'refused' : 'action',
	title: actionTitle(row.action, row.outcome),
	subject: row.subject,
	by: row.by
});

const fromView = (row: SeenView): LiveEntry => ({
	id: row.id,
	at: row.at,
	kind: 'view',
	title: viewTitle(row.kind, row.status),
	subject: row.label ?? row.address,
	by: row.by
});

/** As many as a person scrolls through while watching; the replay has all. */
const MAX_ENTRIES = 300;
const MAX_FAULTS = 100;

const newestFirst = (a: LiveEntry, b: LiveEntry): number => b.at - a.at;

/**
 * One impersonation of the actor's agency, running or just ended.
 * @throws AppError `not_allowed` without the permission `observe`; `not_found`; `impersonation_over` when it ended a while ago
 */
export const readSupervised =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, input: { impersonationId: string }): Promise<Supervised> => {
		await requirePermission(db, actor, 'observe');
		const id = requireId(input.impersonationId);
		const head = await readHead(db, actor.agencyId, id);
		await requireWatchable(db, { agencyId: actor.agencyId, impersonationId: id });
		const [actions, views, faults] = await Promise.all([
			readActions(db, actor.agencyId, id),
			readViews(db, actor.agencyId, id, head.staff),
			readLatestFaults(db, { agencyId: actor.agencyId, id, count: MAX_FAULTS })
		]);
		const entries = [...actions.map(fromAction), ...views.map(fromView)].toSorted(newestFirst);
		return {
			...headOf(head),
			expiresAt: head.expires_at,
			idleLimitMs: head.idle_limit_ms,
			// Each sort has its share: a page that fails without end must not push away what was done.
			entries: [...entries.slice(0, MAX_ENTRIES), ...faults.map(liveFault)].toSorted(newestFirst)
		};
	};
