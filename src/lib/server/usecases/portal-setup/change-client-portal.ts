// One client's own portal: what it shows or hides over the agency's defaults, and how its menu reads.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import { changesBetween, withChoices, withMenu } from '#domain/portal-setup.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Tx } from '#server/db/types.ts';
import { choicesInput, entriesInput } from './setup-input.ts';

/** Either half may be left out, and stays as it is. */
export const clientPortalInput = z.object({
	clientId: z.uuid('There is no such client.'),
	choices: choicesInput.optional(),
	entries: entriesInput.optional(),
	/** Everything back to the agency's defaults. */
	reset: z.boolean().default(false)
});
export type ClientPortalInput = z.infer<typeof clientPortalInput>;

type Row = { name: string; setup: PortalSetup; below: PortalSetup };

async function lockClient(tx: Tx, actor: StaffActor, clientId: string): Promise<Row> {
	const [row] = await tx.execute<Row>(sql`
		SELECT c.name, c.portal_setup AS setup, a.portal_setup AS below FROM client c JOIN agency a ON a.id = c.agency_id
		WHERE c.id = ${clientId} AND c.agency_id = ${actor.agencyId} FOR UPDATE OF c`);
	// Another agency's client looks like one that does not exist: ids are not to be probed.
	if (!row) throw new AppError('not_found', 'There is no such client.');
	return row;
}

function changed({ setup, below }: Row, input: ClientPortalInput): PortalSetup {
	if (input.reset) return {};
	const chosen = input.choices ? withChoices(setup, input.choices) : setup;
	return input.entries ? withMenu(chosen, input.entries, below, false) : chosen;
}

/** @throws AppError `not_found` for another agency's client too; the gate's refusals (logged) */
export const changeClientPortal =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: ClientPortalInput, origin: Origin): Promise<void> => {
		const clientId = input.clientId as ClientId;
		const subject = { type: 'client', id: clientId };
		const deed = { action: 'portal.override_changed', clientId, subject, origin } as const;
		await act(actor, deed, async (tx) => {
			const row = await lockClient(tx, actor, clientId);
			const after = changed(row, input);
			await tx.execute(sql`UPDATE client SET portal_setup = ${JSON.stringify(after)}::text::jsonb
				WHERE id = ${clientId} AND agency_id = ${actor.agencyId}`);
			return {
				value: undefined,
				subject: { ...subject, label: row.name },
				details: { changes: changesBetween(row.setup, after) }
			};
		});
	};
