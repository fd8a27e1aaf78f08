// Where the lens leads: only to pages that its reader may open and change. Whoever may not is told whom to ask.
import type { Permission } from '#domain/permissions.ts';

/** A page of the agency host, and what changing it there takes. */
export type Place = { href: string; needs: Permission };

const ASK = 'Ask an admin to change it.';

/** The reason with its link, or with whom to ask where the link would end in a refusal. */
export const withinReach = (
	why: string,
	{ href, needs }: Place,
	permissions: ReadonlySet<Permission>
): { why: string; href: string | null } =>
	permissions.has(needs) ? { why, href } : { why: `${why} ${ASK}`, href: null };
