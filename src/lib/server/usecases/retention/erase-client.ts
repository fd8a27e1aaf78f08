// A client is erased: recordings, content, people and words, in one transaction with its log row. What lies outside the database goes
// right behind it by jobs that go on wherever they are broken off. The log keeps who did what, and when, without the words.
import { sql } from 'drizzle-orm';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import { wasInside } from '#server/db/insiders.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Tx } from '#server/db/types.ts';
import { accountOf, lockClient } from '../clients/client-fields.ts';
import { eraseRows } from './erase-client-rows.ts';
import type { EraseInput } from './erase-recording.ts';
import { destroyKey, erasedSignal } from './erase-recordings.ts';
import { forgetErasures, lockErasures } from './forget-erasures.ts';
import { forgetSearches, namesOfClient } from './forget-searches.ts';
import { proofOf } from './removal-proof.ts';
import { requireClientFree, requireFree } from './require-free.ts';

/** As in erase-recording.ts: a page may still hand in what it held. */
const OVER_AFTER_S = 15;

/** As many recordings as a row of the log names by their hashes. */
const MAX_HASHES = 1_000;

/** Until the owner was told of a visit by the daily mail. */
const TOLD_AFTER_HOURS = 48;

/**
 * Keys before everything else, in the order in which sealing and the index lock them: both hold a recording's key while they
 * wait for the rows that are locked next.
 */
const lockKeys = (tx: Tx, actor: StaffActor, clientId: string) =>
	tx.execute(sql`SELECT FROM recording_key WHERE impersonation_id IN
		(SELECT id FROM impersonation WHERE client_id = ${clientId} AND agency_id = ${actor.agencyId})
		ORDER BY impersonation_id FOR UPDATE`);

async function recordingsOf(tx: Tx, actor: StaffActor, clientId: string): Promise<string[]> {
	const rows = await tx.execute<{ id: string; is_over: boolean; is_own: boolean }>(sql`
		SELECT id, ${wasInside(actor.staffId)} AND (created_at > clock_timestamp() - make_interval(hours => ${TOLD_AFTER_HOURS}::int)
				OR EXISTS (SELECT FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NULL)) AS is_own,
			state = 'ended' AND (ended_at IS NULL OR ended_at < clock_timestamp() - make_interval(secs => ${OVER_AFTER_S}::int))
			AS is_over
		FROM impersonation i WHERE client_id = ${clientId} ORDER BY id FOR NO KEY UPDATE`);
	// Attack: whoever did harm inside erases the pictures of it, and the client before it is told.
	if (rows.some(({ is_own: isOwn }) => isOwn))
		throw new AppError(
			'not_allowed',
			'You were inside, and there are pictures of it or the client was not told yet, so somebody else must erase this client.'
		);
	if (rows.some(({ is_over: isOver }) => !isOver))
		throw new AppError(
			'conflict',
			'Somebody is inside, or left only seconds ago, so nothing was erased. Try it again in a moment.'
		);
	return rows.map(({ id }) => id);
}

/** What removes the rest: batches and blocks, bytes of files and of uploads, mails that were kept. */
const JOBS = ['recordings.expire', 'recordings.sweep', 'uploads.expire', 'mails.forget'] as const;
const outbox = JOBS.map((name): OutboxItem => ({ kind: 'job', job: { name, data: {} } }));

/**
 * @throws AppError `not_found`; `invalid` when the typed name is another; `conflict` unless it is archived, or when it was erased
 * already; `not_allowed` without the permission `erase` (logged)
 */
export const eraseClient =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: EraseInput & { clientId: string }, origin: Origin): Promise<void> => {
		const { clientId, name, reason } = input;
		const deed = { action: 'client.erased', clientId: accountOf(clientId), origin } as const;
		await act(actor, deed, async (tx) => {
			await lockErasures(tx, actor);
			if (isUuid(clientId)) await lockKeys(tx, actor, clientId);
			const client = await lockClient(tx, actor, clientId);
			if (client.status !== 'archived')
				throw new AppError(
					'conflict',
					`${client.name} is ${client.status}. Archive it first, then erase it.`
				);
			if (name.toLowerCase() !== client.name.trim().toLowerCase())
				throw new AppError('invalid', `Type the client’s name, ${client.name}. Nothing was erased.`, {
					field: 'name'
				});
			await requireClientFree(tx, client.id);
			const recordings = await recordingsOf(tx, actor, client.id);
			await requireFree(tx, recordings);
			const named = await namesOfClient(tx, client.id);
			await forgetSearches(tx, { agencyId: actor.agencyId, impersonationIds: recordings, named });
			await forgetErasures(tx, { agencyId: actor.agencyId, clientId: client.id });
			const proofs: (string | null)[] = [];
			for (const id of recordings) {
				proofs.push((await proofOf(tx, id)).recordingHash);
				await destroyKey(tx, id);
			}
			await eraseRows(tx, client.id);
			// By its number alone: a name in this row would be the one that is left.
			const subject = { type: 'client', id: client.id, label: 'Erased client' };
			const told = recordings.map((id) => erasedSignal(actor.agencyId, id));
			const hashes = proofs.filter((hash) => hash !== null);
			const details = { reason, recordings: recordings.length, recordingHashes: hashes.slice(0, MAX_HASHES) };
			return { value: undefined, subject, details, outbox: [...told, ...outbox] };
		});
	};
