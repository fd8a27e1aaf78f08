// Who a staff session belongs to and what that person may do now; read anew at every request.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import type { Sidebar } from '#domain/menu.ts';
import { effectivePermissions, type Permission } from '#domain/permissions.ts';
import type { Db } from '#server/db/types.ts';

export type StaffContext = {
	actor: StaffActor;
	name: string;
	email: string;
	roleName: string;
	agency: { id: AgencyId; name: string; accent: string | null; logo: string | null };
	/** How the role arranged the agency's menu. */
	sidebar: Sidebar;
	permissions: ReadonlySet<Permission>;
};

type Row = {
	agency_id: AgencyId;
	agency_name: string;
	accent: string | null;
	logo_key: string | null;
	sidebar: Sidebar;
	name: string;
	email: string;
	role_name: string;
	role: string[];
	granted: string[];
	withdrawn: string[];
};

/** @returns null when the person is no longer active */
export const readStaffContext =
	({ db }: { db: Db }) =>
	async (signedIn: { userId: string; sessionId: string }): Promise<StaffContext | null> => {
		const staffId = signedIn.userId as StaffId;
		const [row] = await db.execute<Row>(sql`
			SELECT s.agency_id, a.name AS agency_name, a.accent, a.logo_key, r.sidebar, s.name, s.email, r.name AS role_name, r.permissions AS role,
				s.granted, s.withdrawn
			FROM staff s JOIN agency a ON a.id = s.agency_id JOIN role r ON r.id = s.role_id
			WHERE s.id = ${staffId} AND s.active`);
		if (!row) return null;
		return {
			actor: { kind: 'staff', agencyId: row.agency_id, staffId, sessionId: signedIn.sessionId },
			name: row.name,
			email: row.email,
			roleName: row.role_name,
			agency: { id: row.agency_id, name: row.agency_name, accent: row.accent, logo: row.logo_key },
			sidebar: row.sidebar,
			permissions: effectivePermissions(row.role, row.granted, row.withdrawn)
		};
	};
