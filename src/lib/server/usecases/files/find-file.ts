// One file that this actor may reach: in the folders, or with a task, an order or a message that they see.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { FileId, FolderId, OrderId, TaskId } from '#domain/ids.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { may } from '#domain/visibility.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Reader } from '#server/db/types.ts';
import { inPortal, type Account, type EitherActor } from '../portal/either-side.ts';
import { epochMs, makerOf, ownRows, type Maker } from '../portal/scope.ts';

export type FoundFile = {
	id: FileId;
	name: string;
	mediaType: string;
	bytes: number;
	sha256: string;
	blobKey: string;
	folderId: FolderId | null;
	taskId: TaskId | null;
	orderId: OrderId | null;
	messageId: string | null;
	createdAt: number;
	maker: Maker;
};

type Row = Omit<FoundFile, 'createdAt'> & {
	createdAt: string;
	taskVisible: boolean | null;
	/** The order whose conversation it was sent in. */
	aboutOrder: OrderId | null;
};

/** All that a contact must see to reach a file that belongs to something. */
function elementsOf(row: Row): ElementKey[] {
	if (row.taskId) return ['tasks.attachments'];
	if (row.orderId) return ['orders.files'];
	if (!row.messageId) return ['files'];
	return row.aboutOrder ? ['messages', 'orders.messages'] : ['messages'];
}

/**
 * Attack: the id of an attachment typed by hand, of a task that is internal, deleted, or hidden from this contact, or of
 * an order's conversation that this contact does not read.
 * @throws AppError `not_found`, also for another client's file
 */
export async function findFile(
	reader: Reader,
	actor: EitherActor,
	account: Account,
	id: FileId
): Promise<FoundFile> {
	const [row] = await reader.execute<Row>(sql`
		SELECT f.id, f.name, f.media_type AS "mediaType", f.bytes::float8 AS bytes, f.sha256, f.blob_key AS "blobKey",
			f.folder_id AS "folderId", f.task_id AS "taskId", f.order_id AS "orderId", f.message_id AS "messageId",
			${epochMs('f.created_at')} AS "createdAt", ${makerOf('f')} AS maker, t.client_visible AS "taskVisible",
			h.order_id AS "aboutOrder"
		FROM file f LEFT JOIN task t ON t.id = f.task_id LEFT JOIN message m ON m.id = f.message_id
			LEFT JOIN thread h ON h.id = m.thread_id
		WHERE f.id = ${id} AND ${ownRows(account, 'f')} AND f.deleted_at IS NULL AND t.deleted_at IS NULL`);
	const missing = new AppError('not_found', 'There is no such file.');
	if (!row) throw missing;
	const { taskVisible, aboutOrder: _, ...file } = row;
	if (inPortal(actor)) {
		const view = await readPortalView(reader, actor);
		const sees = view && elementsOf(row).every((element) => may(element, view, 'see'));
		if (!sees || taskVisible === false) throw missing;
	}
	return { ...file, createdAt: Number(row.createdAt) };
}
