// Arranges a menu for everybody of a role, or for every client: names, icons, order, and what is not shown.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AGENCY_AREAS, type AgencyAreaKey } from '#domain/agency-areas.ts';
import { AppError } from '#domain/errors.ts';
import type { IconName } from '#domain/icons.ts';
import { settingsOf, type Sidebar } from '#domain/menu.ts';
import { changesBetween, withMenu } from '#domain/portal-setup.ts';
import type { Act } from '#server/db/act.ts';
import { lockAgencySetup, writeAgencySetup } from './agency-setup.ts';
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

type Dependencies = { act: Act };

async function saveForClients(
	{ act }: Dependencies,
	actor: StaffActor,
	input: SidebarInput,
	origin: Origin
): Promise<void> {
	const subject = { type: 'agency', id: actor.agencyId, label: 'Menu of every client' };
	await act(actor, { action: 'portal.default_changed', subject, origin }, async (tx) => {
		const before = await lockAgencySetup(tx, actor);
		const after = withMenu(before, input.entries, null, true);
		await writeAgencySetup(tx, actor, after);
		return { value: undefined, details: { changes: changesBetween(before, after) } };
	});
}

async function saveForRole(
	{ act }: Dependencies,
	actor: StaffActor,
	input: SidebarInput,
	origin: Origin
): Promise<void> {
	const subject = { type: 'role', id: input.role };
	await act(actor, { action: 'sidebar.changed', subject, origin }, async (tx) => {
		const [role] = await tx.execute<{ name: string; sidebar: Sidebar }>(sql`
			SELECT name, sidebar FROM role WHERE id = ${input.role} AND agency_id = ${actor.agencyId} FOR UPDATE`);
		if (!role) throw new AppError('not_found', 'There is no such role.');
		const after = settingsOf(input.entries, DEFAULTS);
		await tx.execute(
			sql`UPDATE role SET sidebar = ${JSON.stringify(after)}::text::jsonb WHERE id = ${input.role}`
		);
		return {
			value: undefined,
			subject: { ...subject, label: role.name },
			details: { before: role.sidebar, after }
		};
	});
}

/** @throws AppError `not_found` for a role of another agency too; the gate's refusals (logged) */
export const saveSidebar =
	(dependencies: Dependencies) =>
	(actor: StaffActor, input: SidebarInput, origin: Origin): Promise<void> =>
		input.role === CLIENT_MENU
			? saveForClients(dependencies, actor, input, origin)
			: saveForRole(dependencies, actor, input, origin);
