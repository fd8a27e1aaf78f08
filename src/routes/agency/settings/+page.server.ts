import { error } from '@sveltejs/kit';
import { SETTINGS_PERMISSIONS } from '#domain/agency-areas.ts';
import { requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const { permissions } = requireStaff(event);
	if (!SETTINGS_PERMISSIONS.some((permission) => permissions.has(permission)))
		error(403, { message: 'Your role does not include this page.', code: 'not_allowed' });
	return {};
};
