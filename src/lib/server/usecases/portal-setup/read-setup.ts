// The layers of portal set-up as the pages that change them need them.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { Sidebar } from '#domain/menu.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import type { PortalSetup, PortalView } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { requireClient, requireReader } from '../agency/require-reader.ts';

export type RoleMenu = { id: string; name: string; people: number; permissions: string[]; sidebar: Sidebar };

/** The built-in roles in the order of what they may. */
const BUILT_IN = sql`ARRAY[${sql.join(
	Object.keys(BUILT_IN_ROLES).map((key) => sql`${key}`),
	sql`, `
)}]::text[]`;

/** @throws AppError `not_allowed` without `portal.manage` */
export const readSidebars =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<{ roles: RoleMenu[]; agency: PortalSetup }> => {
		await requireReader(db, actor, 'portal.manage');
		const [roles, agency] = await Promise.all([
			db.execute<RoleMenu>(sql`
				SELECT r.id, r.name, r.permissions, r.sidebar,
					(SELECT count(*)::int FROM staff s WHERE s.role_id = r.id AND s.active) AS people
				FROM role r WHERE r.agency_id = ${actor.agencyId}
				ORDER BY r.built_in DESC, array_position(${BUILT_IN}, r.key), r.name, r.id`),
			readAgencySetup(db, actor)
		]);
		return { roles: [...roles], agency };
	};

async function readAgencySetup(db: Db, actor: StaffActor): Promise<PortalSetup> {
	const [row] = await db.execute<{ setup: PortalSetup }>(
		sql`SELECT portal_setup AS setup FROM agency WHERE id = ${actor.agencyId}`
	);
	return row?.setup ?? {};
}

/** @throws AppError `not_allowed` without `portal.manage` */
export const readPortalDefaults =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<PortalSetup> => {
		await requireReader(db, actor, 'portal.manage');
		return readAgencySetup(db, actor);
	};

export type ClientSetup = {
	agency: PortalSetup;
	client: PortalSetup;
	contacts: ({ id: string; name: string } & PortalView['contact'])[];
};

/** Everybody who sees clients may see why something is not shown there; changing it needs `portal.manage`. */
export const readClientSetup =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<ClientSetup> => {
		await requireClient(db, actor, clientId);
		const [row] = await db.execute<ClientSetup>(sql`
			SELECT a.portal_setup AS agency, c.portal_setup AS client,
				COALESCE((SELECT json_agg(json_build_object('id', k.id, 'name', k.name, 'isOwner', k.is_owner, 'rights', k.rights)
					ORDER BY k.is_owner DESC, k.name, k.id) FROM contact k WHERE k.client_id = c.id AND k.active), '[]') AS contacts
			FROM client c JOIN agency a ON a.id = c.agency_id WHERE c.id = ${clientId} AND c.agency_id = ${actor.agencyId}`);
		return row ?? { agency: {}, client: {}, contacts: [] };
	};
