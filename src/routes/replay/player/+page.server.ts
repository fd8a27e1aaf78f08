import type { PageServerLoad } from './$types';

/** Whom the frame obeys; nothing of a recording comes from this host. */
export const load: PageServerLoad = ({ locals }) => ({ agencyOrigin: locals.app.config.agencyOrigin });
