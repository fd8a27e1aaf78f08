// Which conversations somebody reaches, and what is unread to them. An order's conversation is part of the order: where
// its messages are hidden, it is not among the others either.
import { sql, type SQL } from 'drizzle-orm';
import type { ThreadId } from '#domain/ids.ts';
import { AppError } from '#domain/errors.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import type { Reader } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { accountOf, inPortal, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows, requireArea, requireId } from '../portal/scope.ts';

const withoutHiddenOrders = (view: PortalView): SQL =>
	may('orders.messages', view, 'see') ? sql`true` : sql`t.order_id IS NULL`;

/**
 * The condition on `thread t` that holds for all of this person's conversations.
 * @throws AppError `not_found` where a contact's area is hidden, `not_allowed` for staff without the permission
 */
export async function reachedThreads(reader: Reader, actor: EitherActor): Promise<SQL> {
	if (inPortal(actor)) {
		const view = await requireArea(reader, actor, 'messages');
		return sql`${ownRows(actor, 't')} AND ${withoutHiddenOrders(view)}`;
	}
	await requireReader(reader, actor, 'messages.manage');
	return sql`t.agency_id = ${actor.agencyId}`;
}

/** As `reachedThreads`, from a view that was read already. */
export const threadsInView = (actor: Extract<EitherActor, { clientId: unknown }>, view: PortalView): SQL =>
	sql`${ownRows(actor, 't')} AND ${withoutHiddenOrders(view)}`;

export const personOf = (actor: EitherActor): string => (inPortal(actor) ? actor.contactId : actor.staffId);

/** Wrote it themselves. What staff wrote as a contact is news to that contact. */
export const isOwnMessage = (actor: EitherActor): SQL =>
	inPortal(actor)
		? sql`(m.made_by_contact_id = ${actor.contactId} AND m.made_by_staff_id IS NULL)`
		: sql`(m.made_by_staff_id IS NOT DISTINCT FROM ${actor.staffId}::uuid)`;

/** Before a colleague came, nothing was theirs to read; and what nobody opened in two months will not be opened. */
const STAFF_UNREAD_DAYS = 60;

/** Whether `thread t` holds a message of somebody else that this person has not seen. */
export function isUnread(actor: EitherActor): SQL {
	const readAt = sql`coalesce((SELECT r.read_at FROM thread_read r
		WHERE r.thread_id = t.id AND r.person_id = ${personOf(actor)}), '-infinity')`;
	const recent = inPortal(actor)
		? sql`true`
		: sql`t.last_message_at > (SELECT greatest(s.created_at, now() - make_interval(days => ${STAFF_UNREAD_DAYS}))
			FROM staff s WHERE s.id = ${actor.staffId})`;
	return sql`(${recent} AND t.last_message_at > ${readAt} AND EXISTS (SELECT FROM message m
		WHERE m.thread_id = t.id AND m.created_at > ${readAt} AND NOT ${isOwnMessage(actor)}))`;
}

/**
 * Under whose account a conversation stands, before the gate is asked.
 * @throws AppError `not_found`, also for another client's, another agency's and a hidden one
 */
export async function accountOfThread(
	reader: Reader,
	actor: EitherActor,
	id: string
): Promise<Account & { threadId: ThreadId }> {
	const threadId = requireId<ThreadId>(id, 'conversation');
	if (inPortal(actor)) return { ...accountOf(actor, null), threadId };
	const [row] = await reader.execute<{ client_id: string }>(sql`
		SELECT client_id FROM thread WHERE id = ${threadId} AND agency_id = ${actor.agencyId}`);
	if (!row) throw new AppError('not_found', 'There is no such conversation.');
	return { ...accountOf(actor, row.client_id), threadId };
}
