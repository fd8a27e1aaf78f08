// The words behind the blocks of one recorded page, for whoever unmasked the recording. Opened here, on the server, with
// the client's key: neither the hub nor the player ever holds it.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { PageClock } from '#recorder/format/align.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import { CUSTOM_TAGS, decodeBatch, EVENT, isLoose } from '#recorder/format/events.ts';
import { toPersonalPayload, type PersonalNote, type PersonalPayload } from '#recorder/format/masked.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { BlockReader } from '#server/recordings/block-reader.ts';
import { openPersonal } from '#server/recordings/open-personal.ts';
import type { PersonalKeys } from '#server/recordings/personal-keys.ts';
import { readBatches } from './read-batches.ts';
import { requireOpenedPage } from './require-opened.ts';
import { requirePermission } from './require-permission.ts';

/** As long as an opening of the replay counts: who comes back the next day says again why. */
const UNMASKING_LASTS_HOURS = 10;

/** A page with more personal words than this is no page of a portal; the player could not hold them. */
const MAX_CHARACTERS = 20_000_000;
/** What opening a piece takes beside its length, in characters: many small ones are work, too. */
const PIECE_COSTS = 500;

export type Personal = {
	/** At hub time, in the order they were recorded. */
	notes: PersonalNote[];
	/** Pieces that did not open: their key was erased, or they are damaged. */
	unreadable: number;
	/** There is more than one page may hold: what follows stays masked. */
	isCut: boolean;
};

type Deps = {
	db: Db;
	liveLog: LiveLog;
	reader: BlockReader;
	personalKeys: Pick<PersonalKeys, 'open'>;
	maxCharacters?: number;
};

async function requireUnmasked(db: Db, actor: StaffActor, impersonationId: string): Promise<string> {
	const [row] = await db.execute<{ client_id: string }>(sql`
		SELECT x.client_id FROM action x WHERE x.impersonation_id = ${impersonationId} AND x.agency_id = ${actor.agencyId}
			AND x.actor_staff_id = ${actor.staffId} AND x.action = 'recording.unmasked' AND x.outcome = 'done'
			AND x.at > clock_timestamp() - make_interval(hours => ${UNMASKING_LASTS_HOURS}) LIMIT 1`);
	if (!row) throw new AppError('not_allowed', 'Unmask the recording first, with a reason: it is logged.');
	return row.client_id;
}

/**
 * All personal words of one page.
 * @throws AppError `not_allowed` without the permissions, before the replay was opened, or before it was unmasked;
 * `not_found`
 */
export const readPersonal =
	(deps: Deps) =>
	async (actor: StaffActor, input: { impersonationId: string; pageId: string }): Promise<Personal> => {
		await requirePermission(deps.db, actor, 'unmask');
		const ids = await requireOpenedPage(deps.db, actor, input);
		const clientId = await requireUnmasked(deps.db, actor, ids.impersonationId);
		const keys = await deps.personalKeys.open({ agencyId: ids.agencyId, clientId });
		const personal: Personal = { notes: [], unreadable: 0, isCut: false };
		let left = deps.maxCharacters ?? MAX_CHARACTERS;
		for await (const batch of readBatches(deps, ids)) {
			for (const payload of payloadsIn(batch)) {
				const key = keys.get(payload.key);
				// What no key of ours opens costs nothing: junk must not use up what the words need.
				if (key) left -= payload.data.length + PIECE_COSTS;
				if (left < 0) return { ...personal, isCut: true };
				const notes = key && openPersonal(payload, key, ids.pageId);
				if (!notes) personal.unreadable++;
				for (const note of notes ?? []) personal.notes.push(atHubTime(note, batch));
			}
		}
		return personal;
	};

/** Most batches hold none: those are not even parsed. */
function payloadsIn({ bytes }: FramedBatch): PersonalPayload[] {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!text.includes(`"${CUSTOM_TAGS.personal}"`)) return [];
	try {
		return decodeBatch(bytes).flatMap(({ type, data }) => {
			const isOurs = type === EVENT.custom && isLoose(data) && data.tag === CUSTOM_TAGS.personal;
			const payload = isOurs ? toPersonalPayload(data.payload) : null;
			return payload ? [payload] : [];
		});
	} catch {
		// A damaged batch; the player counts and tells of it.
		return [];
	}
}

function atHubTime([at, id, what, words]: PersonalNote, batch: FramedBatch): PersonalNote {
	// A clock for each: notes of one piece are told later than what they belong to, so none may hold another up.
	return [new PageClock().align(at, batch), id, what, words];
}
