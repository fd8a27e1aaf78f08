import { error } from '@sveltejs/kit';
import { requireStaff } from '#web/guard.ts';
import type { PageServerLoad } from './$types';

/** Addresses that nothing answers get the shell's own "Not found", once the reader is known. */
export const load: PageServerLoad = (event) => {
	requireStaff(event);
	error(404, { message: 'There is no such page.', code: 'not_found' });
};
