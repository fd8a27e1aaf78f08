// What every client sees and may do unless their own set-up says otherwise.
import type { Origin, StaffActor } from '#domain/actor.ts';
import { z } from 'zod';
import { changesBetween, withChoices } from '#domain/portal-setup.ts';
import type { Act } from '#server/db/act.ts';
import { lockAgencySetup, writeAgencySetup } from './agency-setup.ts';
import { choicesInput } from './setup-input.ts';

/** Elements that are not named stay as they are; one named without a choice goes back to what we ship. */
export const defaultsInput = z.object({ choices: choicesInput });
export type DefaultsInput = z.infer<typeof defaultsInput>;

/** @throws AppError the gate's refusals (logged) */
export const setPortalDefaults =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, { choices }: DefaultsInput, origin: Origin): Promise<void> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Portal of every client' };
		await act(actor, { action: 'portal.default_changed', subject, origin }, async (tx) => {
			const before = await lockAgencySetup(tx, actor);
			const after = withChoices(before, choices);
			await writeAgencySetup(tx, actor, after);
			return { value: undefined, details: { changes: changesBetween(before, after) } };
		});
	};
