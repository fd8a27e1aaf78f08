// Whom one action is told to. Contacts are asked by the one function that decides what they see; staff by their
// permissions. Whoever did it is never told of it.
import { sql } from 'drizzle-orm';
import { ACTIONS, isActionName } from '#domain/actions.ts';
import {
	noticeCategory,
	noticeElement,
	noticeWish,
	type NoticeCategory,
	type NoticeSetup,
	type NoticeWish
} from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { may } from '#domain/visibility.ts';
import type { Tx } from '#server/db/types.ts';
import type { Told } from './read-told.ts';

export type Recipient = {
	side: 'portal' | 'agency';
	id: string;
	email: string;
	category: NoticeCategory;
	wish: NoticeWish;
};

type ContactRow = {
	id: string;
	email: string;
	is_owner: boolean;
	rights: string[];
	notice_setup: NoticeSetup;
	/** Invited, and no password chosen yet: there is nothing they could open. */
	waits: boolean;
};

/** Whether the client sees the record at all: internal work, and notes among colleagues, are told to nobody outside. */
async function isClientVisible(tx: Tx, told: Told): Promise<boolean> {
	if (told.details['internal'] === true || told.details['visibleToClient'] === false) return false;
	if (told.subjectType !== 'task' || !told.subjectId) return true;
	const rows = await tx.execute(sql`SELECT FROM task WHERE id = ${told.subjectId}
		AND client_id = ${told.clientId} AND client_visible`);
	return rows.length > 0;
}

/** What a contact must see to be told of it; null: owners only. */
function elementsFor(told: Told, category: NoticeCategory): ElementKey[] | null {
	if (told.action === 'draft.prepared') {
		const prepared = String(told.details['prepared'] ?? '');
		const element = isActionName(prepared) ? ACTIONS[prepared].element : null;
		return element ? [element] : null;
	}
	if (category === 'access') return null;
	const element = noticeElement(told.action, category, told.subjectType);
	// A message of an order's conversation is seen through the order alone.
	return told.details['orderId'] ? [element, 'orders.messages'] : [element];
}

const isSensitiveInside = (told: Told): boolean =>
	told.kind === 'impersonation' && ACTIONS[told.action].sensitivity === 'sensitive';

const isFormerOwner = (told: Told, { id }: ContactRow): boolean => told.details['formerOwnerId'] === id;

/** Who has just stepped down was mailed within that change, whatever they wish. */
function wishOf(told: Told, row: ContactRow, category: NoticeCategory): NoticeWish {
	if (isFormerOwner(told, row)) return { inApp: true, mail: false };
	return noticeWish(category, row.notice_setup, told.agencyNotices);
}

async function contactsOf(tx: Tx, told: Told): Promise<Recipient[]> {
	if (told.kind === 'client' || !(await isClientVisible(tx, told))) return [];
	const usual = noticeCategory(told.action, told.kind);
	const tellsOwner = isSensitiveInside(told) && told.policy.tellClient && told.policy.mailAfterSensitive;
	const rows = await tx.execute<ContactRow>(sql`
		SELECT k.id, k.email, k.is_owner, k.rights, k.notice_setup,
			k.invited_at IS NOT NULL AND NOT EXISTS (SELECT FROM contact_account x WHERE x.user_id = k.id) AS waits
		FROM contact k JOIN client c ON c.id = k.client_id
		WHERE k.client_id = ${told.clientId} AND k.agency_id = ${told.agencyId} AND k.active AND c.status = 'active'`);
	return rows.flatMap((row) => {
		// A sensitive change while impersonating is the owner's to know, whatever it was about.
		const category = row.is_owner && tellsOwner ? 'access' : usual;
		if (!category || row.waits) return [];
		const view = {
			agency: told.agencySetup,
			client: told.clientSetup,
			contact: { isOwner: row.is_owner, rights: row.rights }
		};
		const elements = elementsFor(told, category);
		const sees = elements ? elements.every((element) => may(element, view, 'see')) : row.is_owner;
		// What waits in the account's name reaches its owner, whatever was hidden between preparing and telling.
		const reaches = sees || (row.is_owner && told.action === 'draft.prepared') || isFormerOwner(told, row);
		if (!reaches) return [];
		const wish = wishOf(told, row, category);
		return [{ side: 'portal' as const, id: row.id, email: row.email, category, wish }];
	});
}

type StaffRow = {
	id: string;
	email: string;
	notice_setup: NoticeSetup;
	role: string[];
	granted: string[];
	withdrawn: string[];
	assigned: boolean;
};

async function staffOf(tx: Tx, told: Told): Promise<Recipient[]> {
	const category = noticeCategory(told.action, told.kind);
	if (!category || (told.kind !== 'client' && told.kind !== 'impersonation')) return [];
	const needs = ACTIONS[told.action].permission ?? 'clients.read';
	const rows = await tx.execute<StaffRow>(sql`
		SELECT s.id, s.email, s.notice_setup, r.permissions AS role, s.granted, s.withdrawn,
			EXISTS (SELECT FROM client_assignment x WHERE x.staff_id = s.id AND x.client_id = ${told.clientId}) AS assigned
		FROM staff s JOIN role r ON r.id = s.role_id WHERE s.agency_id = ${told.agencyId} AND s.active`);
	const holders = rows.filter(({ role, granted, withdrawn }) =>
		effectivePermissions(role, granted, withdrawn).has(needs)
	);
	const assigned = holders.filter((row) => row.assigned);
	// Chosen before the doer is taken out: who looks after a client alone need not have everybody told of their work.
	return (assigned.length > 0 ? assigned : holders)
		.filter((row) => row.id !== told.staffId)
		.map((row) => ({
			side: 'agency' as const,
			id: row.id,
			email: row.email,
			category,
			wish: noticeWish(category, row.notice_setup, told.agencyNotices)
		}));
}

/** Everybody to be told, each with how. */
export const recipientsOf = async (tx: Tx, told: Told): Promise<Recipient[]> => [
	...(await contactsOf(tx, told)),
	...(await staffOf(tx, told))
];
