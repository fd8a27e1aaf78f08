import { forgotPages } from '../../../outside/outside-pages.ts';
import type { Actions, PageServerLoad } from './$types';

const pages = forgotPages('portal');

export const load: PageServerLoad = (event) => pages.loadReset(event);

export const actions: Actions = { reset: pages.reset };
