// Host → folder, so that both sides may have /orders. A path typed with its folder is looked for below it: 404.
import type { Reroute } from '@sveltejs/kit';
import { sideOf } from '#web/side.ts';

export const reroute: Reroute = ({ url }) => `/${sideOf(url)}${url.pathname === '/' ? '' : url.pathname}`;
