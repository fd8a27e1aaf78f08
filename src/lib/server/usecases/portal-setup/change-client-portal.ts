// One client's own portal: what it shows or hides over the agency's defaults, and how its menu reads.
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { ClientId } from '#domain/ids.ts';
import { withChoices, withMenu } from '#domain/portal-setup.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { changeLayer, clientLayer, type SavedSetup } from './layers.ts';
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

type Layers = { setup: PortalSetup; below: PortalSetup };

function changed({ setup, below }: Layers, input: ClientPortalInput): PortalSetup {
	if (input.reset) return {};
	const chosen = input.choices ? withChoices(setup, input.choices) : setup;
	return input.entries ? withMenu(chosen, input.entries, below, false) : chosen;
}

/** @returns null when nothing was different. @throws AppError `not_found`; the gate's refusals (logged) */
export const changeClientPortal =
	(parts: { act: Act; db: Db }) =>
	(actor: StaffActor, input: ClientPortalInput, origin: Origin): Promise<SavedSetup | null> =>
		changeLayer(parts, { actor, origin }, clientLayer(actor, input.clientId as ClientId), {
			to: (held) => changed(held, input)
		});
