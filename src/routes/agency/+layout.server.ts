import { accentStyle } from '#domain/accent.ts';
import { agencyMenu } from '#domain/agency-areas.ts';
import type { LayoutServerLoad } from './$types';

/** What the shell shows; null on the pages before sign-in. */
export const load: LayoutServerLoad = ({ locals }) => {
	const { staff } = locals;
	if (!staff) return { me: null };
	return {
		me: {
			staffId: staff.actor.staffId,
			name: staff.name,
			email: staff.email,
			role: staff.roleName,
			agency: staff.agency.name,
			logo: staff.agency.logo,
			look: accentStyle(staff.agency.accent),
			menu: agencyMenu(staff.sidebar, staff.permissions),
			permissions: [...staff.permissions]
		}
	};
};
