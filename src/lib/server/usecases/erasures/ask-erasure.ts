// Many recordings are to be erased: counted and told beforehand, asked for with a reason and their number. A job does it, one by one,
// each as an action of whoever asked.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requirePermission } from '../recordings/require-permission.ts';
import { eraseInput } from '../retention/erase-recording.ts';
import { readChosen, type Chosen, type Fate } from './chosen-recordings.ts';

const MAX_QUERY = 60_000;

export const erasureInput = z.object({
	reason: eraseInput.shape.reason,
	/** What is chosen: ids, or filters of the list. */
	query: z.string().max(MAX_QUERY),
	/** Typed: how many go. */
	count: z.string().trim()
});
export type ErasureInput = z.infer<typeof erasureInput>;

export type Choice = {
	/** How many can be erased. */
	free: number;
	/** Those that stay, by why. */
	kept: Record<Exclude<Fate, 'free'>, Chosen[]>;
};

function sortOut(all: readonly Chosen[]): Choice {
	const of = (fate: Fate): Chosen[] => all.filter((one) => one.fate === fate);
	return {
		free: of('free').length,
		kept: {
			held: of('held'),
			review: of('review'),
			own: of('own'),
			running: of('running'),
			erased: of('erased')
		}
	};
}

/** What would go, and what stays and why. @throws AppError `not_allowed`, `conflict` */
export const readChoice =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, query: string): Promise<Choice> => {
		await requirePermission(db, actor, 'erase');
		return sortOut(await readChosen(db, actor, query));
	};

/**
 * @returns the erasure's id
 * @throws AppError `not_allowed` without the permission `erase` (logged); `invalid` for another number; `conflict` where none can be erased
 */
export const askErasure =
	({ act, ids }: { act: Act; ids: Ids }) =>
	(actor: StaffActor, { reason, query, count }: ErasureInput, origin: Origin): Promise<string> => {
		const id = ids.uuid();
		return act(actor, { action: 'recordings.erasure_asked', origin }, async (tx) => {
			const going = (await readChosen(tx, actor, query))
				.filter(({ fate }) => fate === 'free')
				.map((one) => one.id);
			if (going.length === 0) throw new AppError('conflict', 'None of these can be erased, so nothing was.');
			// What was counted when they decided, whatever came to the list since.
			if (count !== String(going.length))
				throw new AppError('invalid', `Type how many go, ${going.length}. Nothing was erased.`, {
					field: 'count'
				});
			await tx.execute(sql`
				INSERT INTO erasure (id, agency_id, asked_by, session_id, reason)
				VALUES (${id}, ${actor.agencyId}, ${actor.staffId}, ${actor.sessionId}, ${reason})`);
			await tx.execute(sql`
				INSERT INTO erasure_item (erasure_id, impersonation_id)
				SELECT ${id}, value::uuid FROM jsonb_array_elements_text(${JSON.stringify(going)}::text::jsonb)`);
			const label = going.length === 1 ? '1 recording' : `${going.length} recordings`;
			return {
				value: id,
				subject: { type: 'erasure', id, label },
				details: { reason, recordings: going.length },
				outbox: [{ kind: 'job', job: { name: 'recordings.erase-chosen', data: { erasureId: id } } }]
			};
		});
	};
