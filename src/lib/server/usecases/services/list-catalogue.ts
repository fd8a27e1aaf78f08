// The agency's catalogue as this client sees it.
import { sql, type SQL } from 'drizzle-orm';
import type { PortalActor } from '#domain/actor.ts';
import type { ServiceId } from '#domain/ids.ts';
import type { Charge, Price } from '#domain/shown-service.ts';
import { may } from '#domain/visibility.ts';
import type { Db } from '#server/db/types.ts';
import { likePattern, requireArea } from '../portal/scope.ts';
import { seenBy } from './seen-by-client.ts';

/** Cards come in rows of three and of two. */
export const CATALOGUE_PAGE_SIZE = 24;

/** `offered` is the agency's own order. */
export const CATALOGUE_SORTS = [
	'offered',
	'name',
	'-name',
	'category',
	'-category',
	'packages',
	'-packages',
	'price',
	'-price'
] as const;
export type CatalogueSort = (typeof CATALOGUE_SORTS)[number];

const OFFERED = sql`s.position, s.id`;
const PACKAGES = sql`(SELECT count(*) FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL)`;
const LOWEST = sql`(SELECT min(p.price_minor) FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL)`;
const ORDER: Record<CatalogueSort, SQL> = {
	offered: OFFERED,
	name: sql`lower(s.name), s.id`,
	'-name': sql`lower(s.name) DESC, s.id`,
	category: sql`lower(s.category), ${OFFERED}`,
	'-category': sql`lower(s.category) DESC, ${OFFERED}`,
	packages: sql`${PACKAGES}, ${OFFERED}`,
	'-packages': sql`${PACKAGES} DESC, ${OFFERED}`,
	price: sql`${LOWEST} NULLS LAST, ${OFFERED}`,
	'-price': sql`${LOWEST} DESC NULLS LAST, ${OFFERED}`
};

export type CatalogueFilter = { q: string; category: string; sort?: CatalogueSort; page: number };
export type CatalogueRow = {
	id: ServiceId;
	name: string;
	category: string;
	summary: string;
	packages: number;
	/** The lowest price; null where prices are hidden or nothing can be ordered. */
	from: { price: NonNullable<Price>; billing: Charge } | null;
};
export type Catalogue = {
	rows: CatalogueRow[];
	total: number;
	categories: { name: string; count: number }[];
	seesPrices: boolean;
};

type Found = Omit<CatalogueRow, 'from'> & {
	lowest: { minor: number; currency: string; billing: Charge } | null;
};

/** @throws AppError `not_found` when the client sees no services */
export const listCatalogue =
	({ db }: { db: Db }) =>
	async (actor: PortalActor, { q, category, page, ...asked }: CatalogueFilter): Promise<Catalogue> => {
		const view = await requireArea(db, actor, 'services');
		const seesPrices = may('services.prices', view, 'see');
		// A hidden price must not be told by the order of the rows either.
		const isByPrice = asked.sort === 'price' || asked.sort === '-price';
		const sort = isByPrice && !seesPrices ? 'offered' : (asked.sort ?? 'offered');
		const search = q ? likePattern(q) : null;
		const found = sql`${seenBy(actor)}
			AND (${search}::text IS NULL OR s.name ILIKE ${search} OR s.summary ILIKE ${search} OR s.category ILIKE ${search})`;
		const chosen = sql`${found} AND (${category} = '' OR s.category = ${category})`;
		const [rows, [count], categories] = await Promise.all([
			db.execute<Found>(sql`
				SELECT s.id, s.name, s.category, s.summary,
					(SELECT count(*)::int FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL) AS packages,
					(SELECT json_build_object('minor', p.price_minor, 'currency', p.currency, 'billing', p.billing)
						FROM service_package p WHERE p.service_id = s.id AND p.archived_at IS NULL
						ORDER BY p.price_minor, p.id LIMIT 1) AS lowest
				FROM service s WHERE ${chosen} ORDER BY ${ORDER[sort]}
				LIMIT ${CATALOGUE_PAGE_SIZE} OFFSET ${(page - 1) * CATALOGUE_PAGE_SIZE}`),
			db.execute<{ n: number }>(sql`SELECT count(*)::int AS n FROM service s WHERE ${chosen}`),
			db.execute<{ name: string; count: number }>(sql`
				SELECT s.category AS name, count(*)::int AS count FROM service s WHERE ${found} AND s.category <> ''
				GROUP BY s.category ORDER BY min(s.position), s.category`)
		]);
		return {
			seesPrices,
			total: count?.n ?? 0,
			categories: [...categories],
			rows: rows.map(({ lowest, ...row }) => ({
				...row,
				from:
					seesPrices && lowest
						? { price: { minor: lowest.minor, currency: lowest.currency }, billing: lowest.billing }
						: null
			}))
		};
	};
