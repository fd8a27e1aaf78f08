// What the list of alerts can be narrowed to, as it stands in an address; what makes no sense is left out, never an error.
import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { ALERT_RULE_KEYS } from '#domain/alert-words.ts';
import { isUuid } from '#domain/ids.ts';

export const ALERTS_PAGE_SIZE = 25;

export const ALERT_SHOWS = ['open', 'settled', 'all'] as const;

export const alertFilters = z.object({
	/** `settled`: seen or handled by somebody. */
	show: z.enum(ALERT_SHOWS).catch('open').default('open'),
	rule: z.enum(ALERT_RULE_KEYS).optional().catch(undefined),
	staff: z.string().refine(isUuid).optional().catch(undefined),
	page: z.coerce.number().int().min(1).max(10_000).catch(1)
});
export type AlertFilters = z.infer<typeof alertFilters>;

export function alertsWhere({ agencyId }: StaffActor, { show, rule, staff }: AlertFilters): SQL {
	const parts = [
		sql`a.agency_id = ${agencyId}`,
		show === 'open' && sql`a.state = 'open'`,
		show === 'settled' && sql`a.state IN ('seen', 'handled')`,
		rule && sql`a.rule = ${rule}`,
		staff && sql`a.staff_id = ${staff}`
	].filter((part): part is SQL => typeof part === 'object');
	return sql.join(parts, sql` AND `);
}
