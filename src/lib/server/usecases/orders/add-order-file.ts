// The second half of an upload to an order: the row, with its action on the order.
import type { Origin } from '#domain/actor.ts';
import type { FileId } from '#domain/ids.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { fileDetails, insertFile } from '../files/insert-file.ts';
import { orDiscard, type StagedFile } from '../files/stage-file.ts';
import type { EitherActor } from '../portal/either-side.ts';
import { changeOrder, type OrderDependencies } from './change-order.ts';

/**
 * The staged bytes are removed when this fails.
 * @throws AppError `not_found`, `too_large` past the quota; the gate's refusals (logged)
 */
export const addOrderFile =
	({ ids, blobs, ...deps }: OrderDependencies & { ids: Ids; blobs: Blobs }) =>
	(actor: EitherActor, staged: StagedFile, orderId: string, origin: Origin): Promise<FileId> =>
		orDiscard(blobs, staged, () => {
			const id = ids.uuid() as FileId;
			return changeOrder(deps, actor, {
				action: 'order.file_added',
				id: orderId,
				origin,
				async work(tx, order) {
					await insertFile(tx, actor, { id, staged, account: order.account, orderId: order.id });
					return { value: id, details: { fileId: id, name: staged.name, ...fileDetails(staged) } };
				}
			});
		});
