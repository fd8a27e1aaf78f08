// "Why can't they see it?" for the staff member inside: what this contact does not see on a page, with the setting that
// decides it, and what is kept from the client as a record of its own. Read on demand and never part of a portal page.
import { sql } from 'drizzle-orm';
import type { ImpersonationActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { areaAt, hiddenAreas, hiddenWithin, lensWords, type HiddenElement } from '#domain/lens.ts';
import { effectivePermissions, type Permission } from '#domain/permissions.ts';
import { areaLabel, may } from '#domain/visibility.ts';
import { readPortalView } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { explainRecord } from './explain-record.ts';
import { countHidden, type HiddenRecords } from './hidden-records.ts';
import { withinReach, type Place } from './within-reach.ts';

export type LensItem = Pick<HiddenElement, 'key' | 'label' | 'kind' | 'state'> & {
	why: string;
	/** Path on the agency host of the setting that decides it; null where the reader may not change it. */
	href: string | null;
};

export type Lens = {
	/** The area's name, or null for an address that lies in none. */
	page: string | null;
	contact: string;
	/** Why the one record of this address is not there, or null; without a link where there is none for this reader. */
	record: { why: string; href: string | null } | null;
	here: LensItem[];
	elsewhere: LensItem[];
	records: HiddenRecords[];
};

type Row = { client: string; contact: string; role: string[]; granted: string[]; withdrawn: string[] };
type Who = Pick<Row, 'client' | 'contact'> & { permissions: ReadonlySet<Permission> };

async function readWho(db: Db, actor: ImpersonationActor): Promise<Who> {
	const [row] = await db.execute<Row>(sql`
		SELECT c.name AS client, k.name AS contact, r.permissions AS role, s.granted, s.withdrawn
		FROM impersonation i JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		JOIN staff s ON s.id = i.staff_id JOIN role r ON r.id = s.role_id
		WHERE i.id = ${actor.impersonationId} AND i.agency_id = ${actor.agencyId} AND i.state = 'active' AND s.active`);
	if (!row) throw new AppError('impersonation_over', 'This impersonation is over.');
	// What it tells stands on Client Details as well, which asks for the same.
	const permissions = effectivePermissions(row.role, row.granted, row.withdrawn);
	if (!permissions.has('clients.read'))
		throw new AppError('not_allowed', 'Your role does not include reading clients’ details.');
	return { client: row.client, contact: row.contact, permissions };
}

/** Where the setting that decided is changed. */
function placeOf(hidden: HiddenElement, clientId: string): Place {
	if (hidden.because === 'contact')
		return { href: `/clients/${clientId}?tab=contacts`, needs: 'clients.manage' };
	const page = hidden.because === 'client' ? `/clients/${clientId}?tab=portal` : '/settings/portal';
	return { href: `${page}#element-${hidden.by}`, needs: 'portal.manage' };
}

/** @throws AppError `impersonation_over`, `not_allowed` without `clients.read` */
export const explainPage =
	({ db }: { db: Db }) =>
	async (actor: ImpersonationActor, path: string): Promise<Lens> => {
		const who = await readWho(db, actor);
		const view = await readPortalView(db, actor);
		if (!view) throw new AppError('impersonation_over', 'This account is not active any more.');
		const area = areaAt(path);
		const toItem = (hidden: HiddenElement): LensItem => ({
			key: hidden.key,
			label: hidden.label,
			kind: hidden.kind,
			state: hidden.state,
			...withinReach(lensWords(hidden, who), placeOf(hidden, actor.clientId), who.permissions)
		});
		const isShown = area !== null && may(area, view, 'see');
		const [record, records] = await Promise.all([
			isShown ? explainRecord(db, actor, { area, path, permissions: who.permissions }) : null,
			isShown ? countHidden(db, actor, area) : []
		]);
		return {
			page: area && areaLabel(area, view),
			contact: who.contact,
			record,
			records,
			here: area ? hiddenWithin(area, view).map(toItem) : [],
			elsewhere: hiddenAreas(view, area).map(toItem)
		};
	};
