import { invitationPages } from '../../../outside/outside-pages.ts';
import type { Actions, PageServerLoad } from './$types';

const pages = invitationPages('agency');

export const load: PageServerLoad = (event) => pages.load(event);

export const actions: Actions = { accept: pages.accept };
