import { error } from '@sveltejs/kit';
import { requirePortal } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** Every other address: the portal's own page for what is not there, inside its frame. */
export const load: PageServerLoad = (event) => {
	requirePortal(event, 'home');
	error(404, { message: 'There is no such page.', code: 'not_found' });
};
