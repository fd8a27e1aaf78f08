// One row of the action log with everything kept about it, for its side panel.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Db } from '#server/db/types.ts';
import { SELECT_ACTION, toActionRow, type ActionRow, type StoredAction } from './action-row.ts';
import { requireReader } from './require-reader.ts';

export type ActionPanel = ActionRow & {
	/** As logged, or null once they were erased; the chain stays whole without them. */
	details: { name: string; value: string }[] | null;
	hash: string;
	previousHash: string;
	/** Where the recording shows it, in ms since its start; null when it was not done inside. */
	replayAt: number | null;
};

const SEQ = /^[0-9]{1,18}$/;

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function detailsOf(text: string | null): ActionPanel['details'] {
	if (text === null) return null;
	const held = JSON.parse(text) as Record<string, unknown>;
	return Object.entries(held)
		.filter(([, value]) => value !== null && value !== '')
		.map(([name, value]) => ({ name, value: show(value) }));
}

/** @returns null for a number that this agency's chain does not hold. @throws AppError `not_allowed` */
export const readAction =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, seq: string): Promise<ActionPanel | null> => {
		await requireReader(db, actor, 'actions.read');
		if (!SEQ.test(seq)) return null;
		const [row] = await db.execute<StoredAction>(
			sql`${SELECT_ACTION} WHERE a.seq = ${seq} AND a.agency_id = ${actor.agencyId}`
		);
		const [side] = await db.execute<{ details: string | null; hash: string; previous: string }>(sql`
			SELECT d.details, encode(a.hash, 'hex') AS hash, encode(a.previous_hash, 'hex') AS previous
			FROM action a LEFT JOIN action_details d ON d.seq = a.seq
			WHERE a.seq = ${seq} AND a.agency_id = ${actor.agencyId}`);
		if (!row || !side) return null;
		const shown = toActionRow(row);
		const startedAt = shown.impersonation?.startedAt ?? null;
		return {
			...shown,
			details: detailsOf(side.details),
			hash: side.hash,
			previousHash: side.previous,
			replayAt: startedAt === null ? null : Math.max(0, Math.round(shown.at - startedAt))
		};
	};
