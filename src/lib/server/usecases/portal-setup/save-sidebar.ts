// Arranges a menu for everybody of a role, or for every client: names, icons, order, and what is not shown.
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AGENCY_AREAS, type AgencyAreaKey } from '#domain/agency-areas.ts';
import type { IconName } from '#domain/icons.ts';
import { settingsOf } from '#domain/menu.ts';
import { withMenu } from '#domain/portal-setup.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { agencyLayer, changeLayer, roleLayer, type SavedSetup } from './layers.ts';
import { entriesInput } from './setup-input.ts';

/** Whose menu: a role of the agency, or the portal's own for every client. */
export const CLIENT_MENU = 'client';

export const sidebarInput = z.object({
	role: z.union([z.literal(CLIENT_MENU), z.uuid()], 'There is no such role.'),
	entries: entriesInput
});
export type SidebarInput = z.infer<typeof sidebarInput>;

const DEFAULTS = Object.fromEntries(
	(Object.keys(AGENCY_AREAS) as AgencyAreaKey[]).map((key) => [
		key,
		{ label: AGENCY_AREAS[key].label, icon: AGENCY_AREAS[key].icon as IconName, mayHide: true }
	])
);

/** @returns null when nothing was different. @throws AppError `not_found`; the gate's refusals (logged) */
export const saveSidebar =
	(parts: { act: Act; db: Db }) =>
	(actor: StaffActor, { role, entries }: SidebarInput, origin: Origin): Promise<SavedSetup | null> =>
		role === CLIENT_MENU
			? changeLayer(parts, { actor, origin }, agencyLayer(actor, 'Menu of every client'), {
					to: ({ setup }) => withMenu(setup, entries, null, true)
				})
			: changeLayer(parts, { actor, origin }, roleLayer(actor, role), {
					to: () => settingsOf(entries, DEFAULTS)
				});
