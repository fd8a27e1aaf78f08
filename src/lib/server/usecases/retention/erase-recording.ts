// One recording is erased before its time: an action of its own, with the reason. Its key, what is searched of it and the words that
// quote it go with the log row; objects and batches right behind it by a job, which goes on wherever it is broken off.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act, Done } from '#server/db/act.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { OutboxItem } from '#server/db/outbox.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { readHead, type HeadRow } from '../recordings/read-rows.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';
import { recordingDeed } from '../review/recording-deed.ts';
import { destroyKey, erasedSignal } from './erase-recordings.ts';
import { forgetSearches, type FoundSearches } from './forget-searches.ts';
import { proofOf } from './removal-proof.ts';
import { lockToErase, requireFree } from './require-free.ts';

const MAX_REASON = 300;

export const eraseInput = z.object({
	reason: z
		.string()
		.trim()
		.min(5, 'Say why it is erased: the reason stands in the log.')
		.max(MAX_REASON, `Say it in at most ${MAX_REASON} characters.`),
	name: z.string().trim()
});
export type EraseInput = z.infer<typeof eraseInput>;

/** What removes its batches and blocks, and pictures that nothing else shows. */
const JOBS = ['recordings.expire', 'recordings.sweep'] as const;

/** After it ended its page may still hand in what it held (`FLUSH_AFTER_END_MS`). */
export const OVER_AFTER_S = 15;

/** What has ended stays so: this needs no lock, and takes none from whoever still runs. */
async function requireOver(tx: Tx, id: string): Promise<void> {
	const [row] = await tx.execute<{ state: string; is_over: boolean }>(sql`
		SELECT state, ended_at < clock_timestamp() - make_interval(secs => ${OVER_AFTER_S}::int) AS is_over
		FROM impersonation WHERE id = ${id}`);
	if (row?.state !== 'ended')
		throw new AppError('conflict', 'It still runs, so nothing was erased. End it, then erase it.');
	if (!row.is_over)
		throw new AppError('conflict', 'It ended only seconds ago and may not be whole. Erase it in a moment.');
}

/** What is told of an erased page: that it was open, and where; not what its title or a search in its address said. */
const blankPages = (tx: Tx, id: string) =>
	tx.execute(
		sql`UPDATE page SET title = '', address = split_part(split_part(address, '?', 1), '#', 1) WHERE impersonation_id = ${id}`
	);

/** The head of a recording, for the page that asks whether to erase it. @throws AppError `not_allowed`, `not_found` */
export const readToErase =
	({ db }: { db: Db }) =>
	async (
		actor: StaffActor,
		impersonationId: string
	): Promise<Pick<HeadRow, 'id' | 'client' | 'contact' | 'staff' | 'started_at'> & { isErased: boolean }> => {
		await requirePermission(db, actor, 'erase');
		const { id, client, contact, staff, started_at } = await readHead(
			db,
			actor.agencyId,
			requireId(impersonationId)
		);
		const [row] = await db.execute<{ left: boolean }>(
			sql`SELECT EXISTS (SELECT FROM page WHERE impersonation_id = ${id} AND erased_at IS NULL) AS left`
		);
		return { id, client, contact, staff, started_at, isErased: row?.left === false };
	};

type Erasing = { head: HeadRow; reason: string; found?: FoundSearches };

/**
 * What erases one recording within its change: the same whether one was asked for or many.
 * @throws AppError `conflict` while it runs, is held or was erased already; `not_allowed` to whoever was inside
 */
export async function eraseWithin(
	tx: Tx,
	actor: StaffActor,
	{ head, reason, found }: Erasing
): Promise<Done<void>> {
	// Attack: whoever did harm inside erases the pictures of it.
	if ((await insidersOf(tx, head.id)).has(actor.staffId))
		throw new AppError('not_allowed', 'You were inside here, so somebody else must erase it.');
	await requireOver(tx, head.id);
	await lockToErase(tx, { id: head.id, clientId: head.client_id });
	await requireFree(tx, [head.id]);
	const proof = await proofOf(tx, head.id);
	await forgetSearches(tx, {
		agencyId: actor.agencyId,
		impersonationIds: [head.id],
		...(found && { found })
	});
	if ((await destroyKey(tx, head.id)) === 0)
		throw new AppError('conflict', 'This recording was erased before.');
	await blankPages(tx, head.id);
	return { value: undefined, details: { reason, ...proof }, outbox: [erasedSignal(actor.agencyId, head.id)] };
}

/**
 * @throws AppError `not_found`; `invalid` when the typed name is another; `conflict` while it runs or when it was erased
 * already; `not_allowed` without the permission `erase` (logged)
 */
export const eraseRecording =
	({ act, db }: { act: Act; db: Db }) =>
	async (
		actor: StaffActor,
		input: EraseInput & { impersonationId: string },
		origin: Origin
	): Promise<void> => {
		const head = await readHead(db, actor.agencyId, requireId(input.impersonationId));
		await act(actor, recordingDeed(head, 'recording.erased', origin), async (tx) => {
			if (input.name.toLowerCase() !== head.client.trim().toLowerCase())
				throw new AppError('invalid', `Type the client’s name, ${head.client}. Nothing was erased.`, {
					field: 'name'
				});
			const done = await eraseWithin(tx, actor, { head, reason: input.reason });
			const jobs = JOBS.map((name): OutboxItem => ({ kind: 'job', job: { name, data: {} } }));
			return { ...done, outbox: [...(done.outbox ?? []), ...jobs] };
		});
	};
