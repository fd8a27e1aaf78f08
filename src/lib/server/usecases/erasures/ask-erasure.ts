// Many recordings are to be erased: counted and told beforehand, asked for one by one with a reason and their number. A job does it, each
// as an action of whoever asked.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { requirePermission } from '../recordings/require-permission.ts';
import { eraseInput } from '../retention/erase-recording.ts';
import { MAX_ERASED, readChosen, readFree, type Chosen, type Fate } from './chosen-recordings.ts';

export const erasureInput = z.object({
	reason: eraseInput.shape.reason,
	/**
	 * Those that were shown. Attack: of filters, which are asked anew, only the number would have to fit; somebody inside ends a session while
	 * one of the list is put on hold, and a recording that nobody looked over is gone for good.
	 */
	ids: z.array(z.string().refine(isUuid)).min(1, 'Choose a recording first.').max(MAX_ERASED),
	/** Typed: how many go. */
	count: z.string().trim()
});
export type ErasureInput = z.infer<typeof erasureInput>;

export type Choice = {
	/** Those that can be erased. */
	free: string[];
	/** Those that stay, by why. */
	kept: Record<Exclude<Fate, 'free'>, Chosen[]>;
};

function sortOut(all: readonly Chosen[]): Choice {
	const of = (fate: Fate): Chosen[] => all.filter((one) => one.fate === fate);
	return {
		free: of('free').map(({ id }) => id),
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
 * @throws AppError `not_allowed` without the permission `erase` (logged); `invalid` for another number; `conflict` where one of them cannot be erased
 */
export const askErasure =
	({ act, ids }: { act: Act; ids: Ids }) =>
	(actor: StaffActor, { reason, ids: shown, count }: ErasureInput, origin: Origin): Promise<string> => {
		const id = ids.uuid();
		return act(actor, { action: 'recordings.erasure_asked', origin }, async (tx) => {
			const meant = new Set(shown);
			if (count !== String(meant.size))
				throw new AppError('invalid', `Type how many go, ${meant.size}. Nothing was erased.`, {
					field: 'count'
				});
			const going = await readFree(tx, actor, [...meant]);
			if (going.length < meant.size)
				throw new AppError(
					'conflict',
					`${meant.size - going.length} of these cannot be erased any more, so nothing was. Reload this page and look them over again.`
				);
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
