// One task with its comments and attachments.
import { sql } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FileId, TaskId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, makerOf, ownRows, requireArea, requireId, type Maker } from './scope.ts';

/** A conversation longer than this shows its newest part. */
const MAX_COMMENTS = 200;

export type TaskDetail = {
	id: TaskId;
	title: string;
	description: string;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	dueOn: string | null;
	createdAt: number;
	completedAt: number | null;
	maker: Maker;
	comments: { id: string; body: string; createdAt: number; maker: Maker }[];
	files: { id: FileId; name: string; mediaType: string; bytes: number; createdAt: number; maker: Maker }[];
};

type Head = Omit<TaskDetail, 'createdAt' | 'completedAt' | 'comments' | 'files'> & {
	createdAt: string;
	completedAt: string | null;
};
type CommentRow = { id: string; body: string; createdAt: string; maker: Maker };
type FileRow = Omit<TaskDetail['files'][number], 'createdAt' | 'bytes'> & {
	createdAt: string;
	bytes: string;
};

/** @throws AppError `not_found`, also for another client's task and one the client may not see */
export const readTask =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string): Promise<TaskDetail> => {
		const taskId = requireId<TaskId>(id, 'task');
		await requireArea(db, actor, 'tasks');
		const [head] = await db.execute<Head>(sql`
			SELECT t.id, t.title, t.description, t.status, t.waiting_on AS "waitingOn", t.due_on::text AS "dueOn",
				${epochMs('t.created_at')} AS "createdAt", ${epochMs('t.completed_at')} AS "completedAt",
				${makerOf('t')} AS maker
			FROM task t WHERE t.id = ${taskId} AND ${ownRows(actor, 't')} AND t.client_visible`);
		if (!head) throw new AppError('not_found', 'There is no such task.');
		const [comments, files] = await Promise.all([
			db.execute<CommentRow>(sql`
				SELECT c.id, c.body, ${epochMs('c.created_at')} AS "createdAt", ${makerOf('c')} AS maker
				FROM task_comment c WHERE c.task_id = ${taskId} AND ${ownRows(actor, 'c')}
				ORDER BY c.created_at DESC, c.id DESC LIMIT ${MAX_COMMENTS}`),
			db.execute<FileRow>(sql`
				SELECT f.id, f.name, f.media_type AS "mediaType", f.bytes, ${epochMs('f.created_at')} AS "createdAt",
					${makerOf('f')} AS maker
				FROM file f WHERE f.task_id = ${taskId} AND ${ownRows(actor, 'f')} AND f.deleted_at IS NULL
				ORDER BY f.created_at, f.id`)
		]);
		return {
			...head,
			createdAt: Number(head.createdAt),
			completedAt: head.completedAt === null ? null : Number(head.completedAt),
			comments: comments.map((c) => ({ ...c, createdAt: Number(c.createdAt) })).toReversed(),
			files: files.map((f) => ({ ...f, bytes: Number(f.bytes), createdAt: Number(f.createdAt) }))
		};
	};
