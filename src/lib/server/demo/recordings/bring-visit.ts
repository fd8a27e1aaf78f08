// One impersonation that the demo brings along: its row, what was looked at, and its rows of the log, as if it had happened here at
// another time. The recording itself is brought in by the application, like any exported file.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AgencyId } from '#domain/ids.ts';
import { chainTime } from '#server/db/chain.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { linkPast } from './past-link.ts';
import { SameHere } from './same-here.ts';
import type { VisitStory } from './visit-story.ts';

const at = (ms: number) => sql`to_timestamp(${ms}::float8 / 1000)`;
/** As in prepare-draft.ts. */
const DRAFT_LIFE_DAYS = 14;

type Cast = { agencyId: AgencyId; clientId: string; contactId: string; staffId: string };
type Bringing = { story: VisitStory; shiftMs: number; ip: string };

/** Of a visit that was brought in before, or is now. `pageIds`: in the order of its file. */
export type Brought = { agencyId: AgencyId; impersonationId: string; endedAt: number; pageIds: string[] };

async function castOf(tx: Tx, { client, contact, staff }: VisitStory): Promise<Cast> {
	const [row] = await tx.execute<Cast>(sql`
		SELECT k.agency_id AS "agencyId", k.client_id AS "clientId", k.id AS "contactId", s.id AS "staffId"
		FROM contact k JOIN client c ON c.id = k.client_id JOIN staff s ON s.agency_id = k.agency_id
		WHERE c.name = ${client} AND k.email = ${contact} AND s.email = ${staff}`);
	if (!row) throw new Error(`The demo has no ${contact} at ${client}, or no ${staff}.`);
	return row;
}

async function insertRow(tx: Tx, cast: Cast, { story, shiftMs }: Bringing): Promise<string> {
	const id = randomUUID();
	const { createdAt, startedAt, endedAt } = story;
	await tx.execute(sql`
		INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, details, ticket, state,
			code_hash, code_expires_at, created_at, started_at, expires_at, idle_limit_ms, return_to, ended_at, end_reason, ended_by)
		VALUES (${id}, ${cast.agencyId}, ${cast.clientId}, ${cast.contactId}, ${cast.staffId}, ${randomUUID()}, ${story.mode},
			${story.reason}, ${story.details}, ${story.ticket}, 'ended', ${randomBytes(32)}, ${at(createdAt + shiftMs)},
			${at(createdAt + shiftMs)}, ${at(startedAt + shiftMs)}, ${at(endedAt + shiftMs)}, ${story.idleLimitMs}::int,
			${`/clients/${cast.clientId}`}, ${at(endedAt + shiftMs)}, ${story.endReason}, ${cast.staffId})`);
	await tx.execute(sql`INSERT INTO impersonation_pulse (impersonation_id, last_activity_at)
		VALUES (${id}, ${at(endedAt + shiftMs)})`);
	return id;
}

async function insertViews(
	tx: Tx,
	{ agencyId, id, same }: Within,
	{ story, shiftMs }: Bringing
): Promise<void> {
	for (const view of story.views) {
		await same.note(view.subjectType, view.subjectId, view.label);
		await tx.execute(sql`
			INSERT INTO view (id, agency_id, impersonation_id, page_id, at, kind, address, subject_type, subject_id, subject_label, status)
			VALUES (${randomUUID()}, ${agencyId}, ${id}, ${same.id(view.page)}, ${at(view.at + shiftMs)}, ${view.kind},
				${same.text(view.address)}, ${view.subjectType}, ${same.id(view.subjectId)}, ${view.label}, ${view.status}::int)`);
	}
}

/** What the end's row proves is proven of the views as they stand here. */
async function viewsHash(tx: Tx, id: string): Promise<string | null> {
	const [row] = await tx.execute<{ hash: string | null }>(sql`
		SELECT encode(sha256(convert_to(string_agg(concat_ws('|', v.id, ${chainTime('v.at')}, v.kind, v.address, v.subject_type,
			v.subject_id, v.status), E'\n' ORDER BY v.at, v.id), 'UTF8')), 'hex') AS hash FROM view v WHERE v.impersonation_id = ${id}`);
	return row?.hash ?? null;
}

type Within = Cast & { id: string; same: SameHere };

async function linkActions(tx: Tx, within: Within, { story, shiftMs, ip }: Bringing): Promise<void> {
	const { agencyId, clientId, contactId, staffId, id, same } = within;
	for (const { at: when, page, kind, details, subjectType, subjectId, ...row } of story.actions) {
		const label = typeof details['subject'] === 'string' ? details['subject'] : null;
		await same.note(subjectType, subjectId, label);
		const own = { ...same.value(details), ip };
		const ending = row.action === 'impersonation.ended' ? { viewsHash: await viewsHash(tx, id) } : {};
		await linkPast(tx, {
			...row,
			atMs: when + shiftMs,
			agencyId,
			clientId,
			contactId,
			actorKind: kind,
			actorStaffId: kind === 'system' ? null : staffId,
			impersonationId: id,
			pageId: same.id(page),
			subjectType,
			subjectId: subjectType === 'impersonation' ? id : same.id(subjectId),
			details: { ...own, ...ending }
		});
	}
}

async function insertDrafts(tx: Tx, within: Within, { story, shiftMs }: Bringing): Promise<void> {
	const { agencyId, clientId, contactId, staffId, id, same } = within;
	for (const draft of story.drafts ?? []) {
		const made = at(draft.at + shiftMs);
		await tx.execute(sql`
			INSERT INTO draft (id, agency_id, client_id, contact_id, action, input, label, facts, href, prepared_by, impersonation_id,
				created_at, expires_at)
			VALUES (${same.id(toldOf(story, draft.label)) ?? randomUUID()}, ${agencyId}, ${clientId}, ${contactId}, ${draft.action},
				${JSON.stringify(same.value(draft.input))}::text::jsonb, ${draft.label}, ${JSON.stringify(draft.facts)}::text::jsonb,
				${same.text(draft.href)}, ${staffId}, ${id}, ${made}, ${made} + make_interval(days => ${DRAFT_LIFE_DAYS}))`);
	}
}

/** The row of the log that tells of a draft. */
const toldOf = ({ actions }: VisitStory, label: string): string | null =>
	actions.find(({ subjectType, details }) => subjectType === 'draft' && details['subject'] === label)
		?.subjectId ?? null;

/** Files whose deletion was prepared are named in the words of the draft alone; its own number is a new one. */
async function noteDrafted(same: SameHere, story: VisitStory): Promise<void> {
	for (const { input, label } of story.drafts ?? []) {
		const [, name] = /“(.+)”/.exec(label) ?? [];
		if (typeof input['id'] === 'string') await same.note('file', input['id'], name ?? null);
		const told = toldOf(story, label);
		if (told) same.set(told, randomUUID());
	}
}

/** Told by the impersonation's own, so that a start that was broken off finds the same again. */
function pageIdsOf(impersonationId: string, { pages }: VisitStory): string[] {
	return pages.map((_page, index) => {
		const hex = createHash('sha256').update(`${impersonationId} page ${index}`).digest('hex');
		const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
		return [...parts, hex.slice(20, 32)].join('-');
	});
}

/** By its ticket, which nobody types: what was brought in before is not brought in again. */
export async function bringVisit(
	db: Db,
	bringing: { story: VisitStory; endedAt: number; ip: string }
): Promise<Brought> {
	const { story, endedAt, ip } = bringing;
	const broughtOf = (agencyId: AgencyId, impersonationId: string, ended: number): Brought => ({
		agencyId,
		impersonationId,
		endedAt: ended,
		pageIds: pageIdsOf(impersonationId, story)
	});
	return db.transaction(async (tx) => {
		const cast = await castOf(tx, story);
		const [known] = await tx.execute<{ id: string; ended_at: number }>(sql`
			SELECT id, (extract(epoch FROM ended_at) * 1000)::float8 AS ended_at FROM impersonation
			WHERE agency_id = ${cast.agencyId} AND ticket = ${story.ticket} AND state = 'ended'`);
		if (known) return broughtOf(cast.agencyId, known.id, known.ended_at);
		const shifted = { story, shiftMs: endedAt - story.endedAt, ip };
		const id = await insertRow(tx, cast, shifted);
		const same = new SameHere(tx, cast.clientId);
		// Pages come with the recording, right behind this, under these numbers.
		for (const [index, here] of pageIdsOf(id, story).entries()) same.set(story.pages[index] ?? '', here);
		const within = { ...cast, id, same };
		await noteDrafted(same, story);
		await insertViews(tx, within, shifted);
		await linkActions(tx, within, shifted);
		await insertDrafts(tx, within, shifted);
		return broughtOf(cast.agencyId, id, endedAt);
	});
}
