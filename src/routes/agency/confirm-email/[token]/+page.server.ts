import { emailPages } from '../../../outside/outside-pages.ts';
import type { Actions, PageServerLoad } from './$types';

const pages = emailPages('agency');

export const load: PageServerLoad = (event) => pages.load(event);

export const actions: Actions = { confirm: pages.confirm };
