// Facts of a client, the colleagues' note about it, and how much it may store.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import { accountOf, clientFields, lockClient, type ClientFields } from './client-fields.ts';
import { storageLimit } from './client-storage.ts';

export const editClientFields = clientFields.extend({ quotaBytes: storageLimit });
export type EditClientInput = z.infer<typeof editClientFields> & { clientId: string };

type Stored = { [K in keyof ClientFields]: string | null } & { quotaBytes: string | null };

/** Which facts changed, by name: texts may be private, so the log keeps only the client's name itself. */
const changedOf = (before: Stored, input: ClientFields): string[] =>
	(Object.keys(clientFields.shape) as (keyof ClientFields)[]).filter(
		(key) => (before[key] ?? '') !== input[key]
	);

/** @throws AppError `not_found`, the gate's refusals (logged) */
export const editClient =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: EditClientInput, origin: Origin): Promise<void> => {
		const deed = { action: 'client.edited', clientId: accountOf(input.clientId), origin } as const;
		await act(actor, deed, async (tx) => {
			const { id } = await lockClient(tx, actor, input.clientId);
			const [before] =
				await tx.execute<Stored>(sql`SELECT name, industry, website, phone, address, tax_id AS "taxId",
				internal_note AS "internalNote", quota_bytes AS "quotaBytes" FROM client WHERE id = ${id}`);
			const had = before?.quotaBytes ? Number(before.quotaBytes) : null;
			const quota = input.quotaBytes === undefined ? had : input.quotaBytes;
			await tx.execute(sql`UPDATE client SET name = ${input.name}, industry = ${input.industry || null},
				website = ${input.website || null}, phone = ${input.phone || null}, address = ${input.address},
				tax_id = ${input.taxId}, internal_note = ${input.internalNote}, quota_bytes = ${quota} WHERE id = ${id}`);
			return {
				value: undefined,
				subject: { type: 'client', id, label: input.name },
				details: {
					changed: before ? changedOf(before, input) : [],
					...(before && before.name !== input.name && { nameBefore: before.name }),
					...(had !== quota && { before: { quotaBytes: had }, after: { quotaBytes: quota } })
				}
			};
		});
	};
