// What every portal use case begins with: the area is visible to this contact, the id is one, and who really does it.
import { sql } from 'drizzle-orm';
import type { PortalActor, StaffActor, SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid } from '#domain/ids.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import { decide, type PortalView } from '#domain/visibility.ts';
import { readPortalView } from '#server/db/standing.ts';
import { needsSecond } from '#server/db/second-person.ts';
import type { Reader } from '#server/db/types.ts';

/** Rows a list shows at once. */
export const PAGE_SIZE = 25;

/**
 * What the contact sees of the portal, once this area (or part of one) is visible to them.
 * @throws AppError `not_found` where it is hidden: it answers as if it did not exist; `second_person` where it waits for one
 */
export async function requireArea(
	reader: Reader,
	actor: PortalActor,
	element: ElementKey
): Promise<PortalView> {
	const view = await readPortalView(reader, actor);
	const decision = view && decide(element, view, 'see');
	if (decision && !decision.allowed && decision.needsSecond) throw needsSecond(decision.needsSecond);
	if (!view || !decision?.allowed) throw new AppError('not_found', 'There is no such page.');
	return view;
}

/**
 * The id, when it is one.
 * @throws AppError `not_found`: an id from an address or a form is any text, and text that is no id names nothing
 */
export function requireId<T extends string>(text: string, what: string): T {
	if (!isUuid(text)) throw new AppError('not_found', `There is no such ${what}.`);
	return text as T;
}

/** The rows of this client of this agency; every portal query carries it. */
export const ownRows = (actor: Pick<PortalActor, 'agencyId' | 'clientId'>, alias: string) =>
	sql`${sql.raw(alias)}.agency_id = ${actor.agencyId} AND ${sql.raw(alias)}.client_id = ${actor.clientId}`;

/**
 * Whose account a row stands under and who really made it, as the values of `made_by_contact_id, made_by_staff_id,
 * impersonation_id`. An approved draft keeps the name of who prepared it.
 */
export function stamp(actor: PortalActor | StaffActor | SystemActor) {
	switch (actor.kind) {
		case 'impersonation':
			return sql`${actor.contactId}, ${actor.act.staffId}, ${actor.impersonationId}`;
		case 'client':
			return sql`${actor.contactId}, ${actor.approves?.staffId ?? null}::uuid, ${actor.approves?.impersonationId ?? null}::uuid`;
		case 'staff':
			return sql`NULL::uuid, ${actor.staffId}::uuid, NULL::uuid`;
		case 'system':
			return sql`NULL::uuid, NULL::uuid, NULL::uuid`;
	}
}

/** Both names of a row's maker. No contact: the agency's own work, by that staff member where there is one. */
export type Maker = { contact: string | null; staff: string | null };

/** `{contact, staff}` as JSON, of the row under this alias. */
export const makerOf = (alias: string) => sql`json_build_object(
	'contact', (SELECT name FROM contact WHERE id = ${sql.raw(alias)}.made_by_contact_id),
	'staff', (SELECT name FROM staff WHERE id = ${sql.raw(alias)}.made_by_staff_id))`;

/** ms since the epoch of a timestamp column. The driver hands bigint over as text, so readers take `Number()` of it. */
export const epochMs = (column: string) => sql`(extract(epoch FROM ${sql.raw(column)}) * 1000)::bigint`;

/** Text as a pattern of ILIKE; a `%` that was typed means itself, or one search could scan as many patterns. */
export const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
