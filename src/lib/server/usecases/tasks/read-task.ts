// One task with its comments, attachments and activity, on either side.
import { sql } from 'drizzle-orm';
import type { PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, FileId, OrderId, StaffId, TaskId } from '#domain/ids.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { accountOf, accountOfRow, type Account, type EitherActor } from '../portal/either-side.ts';
import { cutUpwards, partAt, type Part, type PartPages } from '../portal/part-pages.ts';
import { epochMs, makerOf, ownRows, requireArea, requireId, type Maker } from '../portal/scope.ts';
import { ownsTask } from './delete-task.ts';
import { knownTasks } from './lock-task.ts';
import { readActivity, type Activity } from './task-activity.ts';

type Comment = { id: string; body: string; createdAt: number; maker: Maker };
type Attachment = {
	id: FileId;
	name: string;
	mediaType: string;
	bytes: number;
	createdAt: number;
	maker: Maker;
};

type Head = {
	id: TaskId;
	title: string;
	description: string;
	status: 'open' | 'done';
	waitingOn: 'client' | 'agency';
	dueOn: string | null;
	overdue: boolean;
	assignee: string | null;
	createdAt: number;
	completedAt: number | null;
	maker: Maker;
};
type Inner = {
	clientVisible: boolean;
	assigneeStaffId: StaffId | null;
	madeByContactId: ContactId | null;
	orderId: OrderId | null;
	orderNumber: string | null;
	clientName: string;
};

export type TaskPart = 'comments' | 'activity';

const NOTHING = { rows: [], earlier: false };

/** Parts that are hidden from the client are empty, and the page leaves them out. */
export type TaskDetail = Head & {
	order: { id: OrderId; number: string } | null;
	comments: Comment[];
	files: Attachment[];
	activity: Activity[];
	/** Of which part there is more, on its next page. */
	earlier: Record<TaskPart, boolean>;
	/** This contact may delete it, as far as it is theirs. */
	isOwn: boolean;
};

export type StaffTaskDetail = Omit<TaskDetail, 'isOwn'> & {
	client: { id: ClientId; name: string };
	clientVisible: boolean;
	assigneeStaffId: StaffId | null;
};

type Raw = Head & Inner & { createdAt: string; completedAt: string | null };

async function readHead(db: Db, actor: EitherActor, account: Account, taskId: TaskId): Promise<Head & Inner> {
	const [row] = await db.execute<Raw>(sql`
		SELECT t.id, t.title, t.description, t.status, t.waiting_on AS "waitingOn", t.due_on::text AS "dueOn",
			COALESCE(t.status = 'open' AND t.due_on < current_date, false) AS overdue,
			(SELECT name FROM staff WHERE id = t.assignee_staff_id) AS assignee, ${epochMs('t.created_at')} AS "createdAt",
			${epochMs('t.completed_at')} AS "completedAt", ${makerOf('t')} AS maker, t.client_visible AS "clientVisible",
			t.assignee_staff_id AS "assigneeStaffId", t.made_by_contact_id AS "madeByContactId", t.order_id AS "orderId",
			(SELECT number FROM client_order WHERE id = t.order_id) AS "orderNumber",
			(SELECT name FROM client WHERE id = t.client_id) AS "clientName"
		FROM task t WHERE t.id = ${taskId} AND ${knownTasks(actor, account, 't')} AND t.deleted_at IS NULL`);
	if (!row) throw new AppError('not_found', 'There is no such task.');
	const completedAt = row.completedAt === null ? null : Number(row.completedAt);
	return { ...row, createdAt: Number(row.createdAt), completedAt };
}

async function readComments(
	db: Db,
	on: { account: Account; taskId: TaskId; page: number | undefined }
): Promise<Part<Comment>> {
	const rows = await db.execute<Omit<Comment, 'createdAt'> & { createdAt: string }>(sql`
		SELECT c.id, c.body, ${epochMs('c.created_at')} AS "createdAt", ${makerOf('c')} AS maker
		FROM task_comment c WHERE c.task_id = ${on.taskId} AND ${ownRows(on.account, 'c')}
		ORDER BY c.created_at DESC, c.id DESC ${partAt(on.page)}`);
	return cutUpwards(rows.map((c) => ({ ...c, createdAt: Number(c.createdAt) })));
}

async function readAttachments(db: Db, account: Account, taskId: TaskId): Promise<Attachment[]> {
	const rows = await db.execute<Omit<Attachment, 'createdAt'> & { createdAt: string }>(sql`
		SELECT f.id, f.name, f.media_type AS "mediaType", f.bytes::float8 AS bytes,
			${epochMs('f.created_at')} AS "createdAt", ${makerOf('f')} AS maker
		FROM file f WHERE f.task_id = ${taskId} AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL
		ORDER BY f.created_at, f.id`);
	return rows.map((f) => ({ ...f, createdAt: Number(f.createdAt) }));
}

/** The fields of a head that this contact sees. */
function shownHead(head: Head & Inner, view: PortalView): Head {
	const { id, title, description, status, waitingOn, createdAt, completedAt, maker } = head;
	const seesDue = may('tasks.due_date', view, 'see');
	return {
		id,
		title,
		description,
		status,
		waitingOn,
		createdAt,
		completedAt,
		maker,
		dueOn: seesDue ? head.dueOn : null,
		overdue: seesDue && head.overdue,
		assignee: may('tasks.assignee', view, 'see') ? head.assignee : null
	};
}

const orderOf = ({ orderId, orderNumber }: Inner): TaskDetail['order'] =>
	orderId && orderNumber ? { id: orderId, number: orderNumber } : null;

/** @throws AppError `not_found`, also for another client's task and one the client may not see */
export const readTask =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, id: string, pages: PartPages<TaskPart> = {}): Promise<TaskDetail> => {
		const taskId = requireId<TaskId>(id, 'task');
		const view = await requireArea(db, actor, 'tasks');
		const account = accountOf(actor, null);
		const head = await readHead(db, actor, account, taskId);
		const sees = (part: 'comments' | 'attachments' | 'activity') => may(`tasks.${part}`, view, 'see');
		const [comments, files, activity] = await Promise.all([
			sees('comments') ? readComments(db, { account, taskId, page: pages.comments }) : NOTHING,
			sees('attachments') ? readAttachments(db, account, taskId) : [],
			sees('activity') ? readActivity(db, { account, taskId, view, page: pages.activity }) : NOTHING
		]);
		return {
			...shownHead(head, view),
			order: may('orders', view, 'see') ? orderOf(head) : null,
			comments: comments.rows,
			files,
			activity: activity.rows,
			earlier: { comments: comments.earlier, activity: activity.earlier },
			isOwn: ownsTask(head.madeByContactId, {
				contactId: actor.contactId,
				isOwner: view.contact.isOwner
			})
		};
	};

/** @throws AppError `not_found`, also for another agency's task; `not_allowed` */
export const readStaffTask =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, id: string, pages: PartPages<TaskPart> = {}): Promise<StaffTaskDetail> => {
		await requireReader(db, actor, 'tasks.manage');
		const account = await accountOfRow(db, actor, { table: 'task', id });
		const taskId = id as TaskId;
		const { clientName, orderId, orderNumber, madeByContactId, ...head } = await readHead(
			db,
			actor,
			account,
			taskId
		);
		const [comments, files, activity] = await Promise.all([
			readComments(db, { account, taskId, page: pages.comments }),
			readAttachments(db, account, taskId),
			readActivity(db, { account, taskId, view: null, page: pages.activity })
		]);
		const order = orderOf({ orderId, orderNumber, madeByContactId, clientName, ...head });
		return {
			...head,
			order,
			comments: comments.rows,
			files,
			activity: activity.rows,
			earlier: { comments: comments.earlier, activity: activity.earlier },
			client: { id: account.clientId, name: clientName }
		};
	};
