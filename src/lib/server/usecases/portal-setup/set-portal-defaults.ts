// What every client sees and may do unless their own set-up says otherwise.
import type { Origin, StaffActor } from '#domain/actor.ts';
import { z } from 'zod';
import { withChoices } from '#domain/portal-setup.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { agencyLayer, changeLayer, type SavedSetup } from './layers.ts';
import { choicesInput } from './setup-input.ts';

/** Elements that are not named stay as they are; one named without a choice goes back to what we ship. */
export const defaultsInput = z.object({ choices: choicesInput });
export type DefaultsInput = z.infer<typeof defaultsInput>;

/** @returns null when nothing was different. @throws AppError the gate's refusals (logged) */
export const setPortalDefaults =
	(parts: { act: Act; db: Db }) =>
	(actor: StaffActor, { choices }: DefaultsInput, origin: Origin): Promise<SavedSetup | null> =>
		changeLayer(parts, { actor, origin }, agencyLayer(actor, 'Portal of every client'), {
			to: ({ setup }) => withChoices(setup, choices)
		});
