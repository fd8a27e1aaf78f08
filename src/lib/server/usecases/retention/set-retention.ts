// How many days recordings are kept: by the agency, and by a client that is to differ. Fewer days remove what is older within the hour, so
// whoever asks for them is told how much that is, and asked again.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { MAX_RECORDING_DAYS } from '#domain/retention.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { accountOf, lockClient } from '../clients/client-fields.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { NOT_HELD, notForReview, requireNoneOwn } from './require-free.ts';

const LIMITS = `Give a whole number of days from 1 to ${MAX_RECORDING_DAYS}, or leave it empty.`;

export const retentionInput = z.object({
	/** Empty: as the agency, or as the installation. */
	days: z
		.string()
		.trim()
		.regex(/^\d{0,5}$/, LIMITS)
		.transform((text) => (text === '' ? null : Number(text)))
		.refine((days) => days === null || (days >= 1 && days <= MAX_RECORDING_DAYS), LIMITS),
	/** How many recordings whoever asks has been told of. */
	removing: z.coerce.number().int().nonnegative().catch(0).default(0)
});
type RetentionInput = z.infer<typeof retentionInput>;

type Deps = { act: Act; installationDays: number };

/** More than this is told as "more than". */
const MAX_COUNTED = 10_000;

/** How many recordings would run out at once under these days. */
async function countDue(tx: Tx, which: SQL, days: number): Promise<number> {
	const rows = await tx.execute<{ due: number }>(sql`
		SELECT count(*)::int AS due FROM (SELECT FROM impersonation i JOIN client c ON c.id = i.client_id
			WHERE ${which} AND i.state = 'ended' AND i.erased_at IS NULL AND i.ended_at < now() - make_interval(days => ${days}::int)
				AND ${NOT_HELD} AND ${notForReview(sql`${days}::int`)}
				AND EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL)
			LIMIT ${MAX_COUNTED}) AS found`);
	return rows[0]?.due ?? 0;
}

/** Attack on oneself: a zero forgotten, and a year of recordings is gone within the hour. */
function requireTold(due: number, told: number): void {
	if (due <= told) return;
	const many = due === 1 ? '1 recording is' : `${due} recordings are`;
	throw new AppError(
		'invalid',
		`${many} older than that and would be removed for good within the hour. Tick the box if that is meant.`,
		{ field: 'days', removing: due }
	);
}

const fewer = (which: SQL, kept: number) => ({ which, days: sql`${kept}::int`, what: 'set fewer days' });

async function agencyDays(tx: Tx, { agencyId }: StaffActor): Promise<number | null> {
	const [row] = await tx.execute<{ days: number | null }>(
		sql`SELECT recording_days AS days FROM agency WHERE id = ${agencyId}`
	);
	return row?.days ?? null;
}

/**
 * @returns whether something is different now
 * @throws AppError `not_allowed` where recordings of the actor's own would go (logged); the gate's refusals (logged)
 */
export const setAgencyRetention =
	({ act, installationDays }: Deps) =>
	(actor: StaffActor, { days, removing }: RetentionInput, origin: Origin): Promise<boolean> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Retention of recordings' };
		return ifDifferent(act)(actor, { action: 'retention.changed', subject, origin }, async (tx) => {
			const which = sql`i.agency_id = ${actor.agencyId} AND c.recording_days IS NULL`;
			const kept = days ?? installationDays;
			// Counted first: everybody's changes wait for the agency's row.
			const due = await countDue(tx, which, kept);
			const [row] = await tx.execute<{ days: number | null }>(
				sql`SELECT recording_days AS days FROM agency WHERE id = ${actor.agencyId} FOR NO KEY UPDATE`
			);
			const before = row?.days ?? null;
			if (before === days) throw new Unchanged(false);
			if (kept < (before ?? installationDays)) await requireNoneOwn(tx, actor, fewer(which, kept));
			requireTold(due, removing);
			await tx.execute(sql`UPDATE agency SET recording_days = ${days} WHERE id = ${actor.agencyId}`);
			return { value: true, details: { before, after: days } };
		});
	};

/** The same for a client. @throws AppError `not_found` */
export const setClientRetention =
	({ act, installationDays }: Deps) =>
	(actor: StaffActor, input: RetentionInput & { clientId: string }, origin: Origin): Promise<boolean> => {
		const { clientId, days, removing } = input;
		const deed = { action: 'client.retention_changed', clientId: accountOf(clientId), origin } as const;
		return ifDifferent(act)(actor, deed, async (tx) => {
			const own = sql`i.client_id = ${accountOf(clientId)} AND i.agency_id = ${actor.agencyId}`;
			const due = await countDue(tx, own, days ?? (await agencyDays(tx, actor)) ?? installationDays);
			const client = await lockClient(tx, actor, clientId);
			const [row] = await tx.execute<{ days: number | null; agency: number | null }>(sql`
				SELECT c.recording_days AS days, a.recording_days AS agency FROM client c JOIN agency a ON a.id = c.agency_id
				WHERE c.id = ${client.id}`);
			const before = row?.days ?? null;
			if (before === days) throw new Unchanged(false);
			const otherwise = row?.agency ?? installationDays;
			const kept = days ?? otherwise;
			if (kept < (before ?? otherwise)) await requireNoneOwn(tx, actor, fewer(own, kept));
			requireTold(due, removing);
			await tx.execute(sql`UPDATE client SET recording_days = ${days} WHERE id = ${client.id}`);
			const subject = { type: 'client', id: client.id, label: client.name };
			return { value: true, subject, details: { before, after: days } };
		});
	};
