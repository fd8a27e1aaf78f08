// Whom one action is told to. Contacts are asked by the one function that decides what they see; staff by their
// permissions. Whoever did it is never told of it; whoever prepared it is told what became of it.
import { sql } from 'drizzle-orm';
import { ACTIONS, isActionName } from '#domain/actions.ts';
import {
	noticeCategory,
	noticeElement,
	noticeWish,
	tellsColleagues,
	tellsOverseers,
	type NoticeCategory,
	type NoticeSetup,
	type NoticeWish
} from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { may } from '#domain/visibility.ts';
import type { Tx } from '#server/db/types.ts';
import { colleaguesOf } from './colleagues.ts';
import { overseersOf } from './overseers.ts';
import type { Told } from './read-told.ts';
import { preparerOf } from './verdict.ts';

export type Recipient = {
	side: 'portal' | 'agency';
	id: string;
	email: string;
	category: NoticeCategory;
	wish: NoticeWish;
	/** Prepared it, and is told what became of it. */
	isPreparer?: true;
	/** Its mail may wait for the receipt; never one that tells the client of the access itself. */
	mayWait?: boolean;
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

const NONE: NoticeWish = { inApp: false, mail: false };

/** By the category of the action, for whoever sees such things. */
function usualWish(told: Told, row: ContactRow, category: NoticeCategory | null): NoticeWish {
	// Who has just stepped down was mailed within that change, whatever they wish.
	if (isFormerOwner(told, row)) return { inApp: true, mail: false };
	if (!category) return NONE;
	const contact = { isOwner: row.is_owner, rights: row.rights };
	const view = { agency: told.agencySetup, client: told.clientSetup, contact };
	const elements = elementsFor(told, category);
	const sees = elements ? elements.every((element) => may(element, view, 'see')) : row.is_owner;
	// What waits in the account's name reaches its owner, whatever was hidden between preparing and telling.
	const reaches = sees || (row.is_owner && told.action === 'draft.prepared');
	return reaches ? noticeWish(category, row.notice_setup, told.agencyNotices) : NONE;
}

/**
 * A sensitive change while impersonating is the owner's to know, whatever it was about: in their list and by mail, each by
 * its own switch of the policy. Where one is off, they are told like everybody else.
 */
function contactWish(told: Told, row: ContactRow): { category: NoticeCategory; wish: NoticeWish } {
	const usual = noticeCategory(told.action, told.kind);
	const wish = usualWish(told, row, usual);
	if (!row.is_owner || !isSensitiveInside(told)) return { category: usual ?? 'access', wish };
	const { tellClient, mailAfterSensitive } = told.policy;
	const access = noticeWish('access', row.notice_setup, told.agencyNotices);
	return {
		category: tellClient ? 'access' : (usual ?? 'access'),
		wish: {
			inApp: tellClient ? access.inApp : wish.inApp,
			mail: mailAfterSensitive ? access.mail : wish.mail
		}
	};
}

async function contactsOf(tx: Tx, told: Told): Promise<Recipient[]> {
	if (told.kind === 'client' || !(await isClientVisible(tx, told))) return [];
	const rows = await tx.execute<ContactRow>(sql`
		SELECT k.id, k.email, k.is_owner, k.rights, k.notice_setup,
			k.invited_at IS NOT NULL AND NOT EXISTS (SELECT FROM contact_account x WHERE x.user_id = k.id) AS waits
		FROM contact k JOIN client c ON c.id = k.client_id
		WHERE k.client_id = ${told.clientId} AND k.agency_id = ${told.agencyId} AND k.active AND c.status = 'active'`);
	return rows
		.filter(({ waits }) => !waits)
		.map((row) => {
			const { category, wish } = contactWish(told, row);
			// Attack: the owner's mail about a sensitive change, held for hours under another category.
			const mayWait = category !== 'access' && !(row.is_owner && isSensitiveInside(told));
			return { side: 'portal' as const, id: row.id, email: row.email, category, wish, mayWait };
		})
		.filter(({ wish }) => wish.inApp || wish.mail);
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
			wish: noticeWish(category, row.notice_setup, told.agencyNotices),
			mayWait: true
		}));
}

/** Everybody to be told, each with how. */
export async function recipientsOf(tx: Tx, told: Told): Promise<Recipient[]> {
	if (tellsOverseers(told.action)) {
		const overseers = await overseersOf(tx, told);
		return overseers.map((one) => ({ ...one, side: 'agency', category: 'alerts' }));
	}
	// What is of no client is told to nobody else.
	if (told.clientId === null) return [];
	if (tellsColleagues(told.action)) {
		const colleagues = await colleaguesOf(tx, told);
		return colleagues.map((one) => ({ ...one, side: 'agency', category: 'messages' }));
	}
	const preparer = await preparerOf(tx, told);
	const staff = (await staffOf(tx, told)).filter(({ id }) => id !== preparer?.id);
	const verdict: Recipient[] = preparer
		? [{ ...preparer, side: 'agency', category: 'access', isPreparer: true }]
		: [];
	return [...(await contactsOf(tx, told)), ...staff, ...verdict];
}
