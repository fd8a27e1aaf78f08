// The receipt of one impersonation: what was looked at and done, what the client reads of it, and what is left to say.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { EndReason } from '#domain/impersonation.ts';
import { REASONS } from '#domain/modes-and-reasons.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import { policySchema } from '#domain/policy.ts';
import { holdUntil, noteUntil, undoUntil } from '#domain/receipt.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { ms, requireClient } from '../agency/require-reader.ts';
import { DONE_INSIDE, labelsOf, MODES_HELD, modesOf, PAGES_SEEN, sentenceOf } from '../portal/access-rows.ts';
import { pageName } from '../portal/access-sentence.ts';
import { readHeldMails, type HeldMail } from './read-held-mails.ts';
import { readDeeds, type ReceiptDeed } from './receipt-deeds.ts';
import { requireReceipt, type Head } from './receipt-head.ts';

/** Distinct pages listed; the rest is in the recording. */
const MAX_VIEWED = 60;

export type Note = { text: string; forClient: boolean; writtenAt: number; editedAt: number | null };
export type Viewed = { at: number; label: string; address: string; times: number };

export type Receipt = {
	id: string;
	client: { id: string; name: string };
	contact: string;
	staff: string;
	/** Only whoever was inside writes, undoes and decides; those who review read. */
	isOwn: boolean;
	modes: Mode[];
	reason: string;
	ticket: string | null;
	details: string;
	startedAt: number;
	endedAt: number | null;
	endReason: EndReason | null;
	/** As the client reads it, and where. */
	sentence: string;
	told: { inPortal: boolean; byMail: boolean };
	viewed: Viewed[];
	viewedTotal: number;
	deeds: ReceiptDeed[];
	note: Note | null;
	mails: HeldMail[];
	/** When those that still wait go by themselves; null where none is left to decide on here. */
	mailsLeaveAt: number | null;
	/** Until when; null where the time is over, or where it is somebody else's. */
	mayNoteUntil: number | null;
	mayUndoUntil: number | null;
};

type Facts = {
	modes: Mode[] | null;
	pages: number;
	changed: string[] | null;
	note: Note | null;
};

async function readFacts(db: Db, { id }: Head): Promise<Facts> {
	const [row] = await db.execute<Facts>(sql`
		SELECT ${MODES_HELD} AS modes, ${PAGES_SEEN} AS pages, ${DONE_INSIDE} AS changed,
			(SELECT json_build_object('text', r.note, 'forClient', r.for_client, 'writtenAt', ${ms('r.written_at')},
				'editedAt', ${ms('r.edited_at')}) FROM receipt r WHERE r.impersonation_id = i.id) AS note
		FROM impersonation i WHERE i.id = ${id}`);
	if (!row) throw new Error('A receipt lost its impersonation.');
	return row;
}

type ViewRow = { at: number; address: string; label: string | null; times: number };

/** In the names that this client's portal gives its areas; in ours once the contact is gone. */
async function readViewed(db: Db, actor: StaffActor, head: Head): Promise<Viewed[]> {
	const [view, rows] = await Promise.all([
		readPortalView(db, { agencyId: actor.agencyId, clientId: head.clientId, contactId: head.contactId }),
		db.execute<ViewRow>(sql`
			SELECT ${ms('min(v.at)')} AS at, v.address, max(v.subject_label) AS label, count(*)::int AS times
			FROM view v WHERE v.impersonation_id = ${head.id} AND v.status < 400
			GROUP BY v.address ORDER BY min(v.at) LIMIT ${MAX_VIEWED}`)
	]);
	const labels = labelsOf(view ?? { agency: {}, client: {}, contact: { isOwner: true, rights: [] } });
	return rows.map(({ at, address, label, times }) => {
		const area = pageName(address, labels);
		return { at, address, times, label: label ? `${area}: ${label}` : area };
	});
}

const whileBefore = (until: number, now: number): number | null => (now < until ? until : null);

/** @throws AppError `not_found`, also for another client's or a colleague's unless the reader reviews; `not_allowed` */
export const readReceipt =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, { clientId, id }: { clientId: string; id: string }): Promise<Receipt> => {
		await requireClient(db, actor, clientId);
		const { head, standing } = await requireReceipt(db, actor, { id, clientId });
		const isOwn = head.staffId === actor.staffId;
		const [facts, viewed, deeds, mails] = await Promise.all([
			readFacts(db, head),
			readViewed(db, actor, head),
			readDeeds(db, head, standing),
			readHeldMails(db, head)
		]);
		const policy = policySchema.parse(head.policy);
		const { staff, reason, ticket, endedAt, now } = head;
		const mine = isOwn && endedAt !== null;
		return {
			id: head.id,
			client: { id: head.clientId, name: head.client },
			contact: head.contact,
			staff,
			isOwn,
			modes: modesOf({ modes: facts.modes, mode: head.mode }),
			reason: REASONS[reason],
			ticket,
			details: head.details,
			startedAt: head.startedAt,
			endedAt,
			endReason: head.endReason,
			sentence: sentenceOf({
				staff,
				ended: endedAt !== null,
				pages: facts.pages,
				changed: facts.changed,
				reason,
				ticket
			}),
			told: { inPortal: policy.tellClient, byMail: policy.mailOwnerDaily },
			viewed,
			viewedTotal: facts.pages,
			deeds,
			note: facts.note,
			mails,
			mailsLeaveAt: mine && mails.some(({ state }) => state === 'held') ? holdUntil(endedAt) : null,
			mayNoteUntil: mine ? whileBefore(noteUntil(endedAt), now) : null,
			mayUndoUntil: mine ? whileBefore(undoUntil(endedAt), now) : null
		};
	};
