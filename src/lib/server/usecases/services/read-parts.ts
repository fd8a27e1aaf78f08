// Packages and add-ons of a service, those that can be ordered now.
import { sql } from 'drizzle-orm';
import type { AddOnId, PackageId, ServiceId } from '#domain/ids.ts';
import type { Charge } from '#domain/shown-service.ts';
import type { Reader } from '#server/db/types.ts';

export type PackageRow = {
	id: PackageId;
	name: string;
	description: string;
	features: string[];
	priceMinor: number;
	currency: string;
	billing: Charge;
	maxQuantity: number;
};
export type AddOnRow = Omit<PackageRow, 'id' | 'features' | 'billing'> & { id: AddOnId };

/** The service was found in reach of the actor before: its parts are of the same agency. */
export async function readParts(
	reader: Reader,
	serviceId: ServiceId
): Promise<{ packages: PackageRow[]; addOns: AddOnRow[] }> {
	const packages = await reader.execute<PackageRow>(sql`
		SELECT id, name, description, features, price_minor::float8 AS "priceMinor", currency, billing,
			max_quantity AS "maxQuantity"
		FROM service_package WHERE service_id = ${serviceId} AND archived_at IS NULL ORDER BY position, id`);
	const addOns = await reader.execute<AddOnRow>(sql`
		SELECT id, name, description, price_minor::float8 AS "priceMinor", currency, max_quantity AS "maxQuantity"
		FROM service_add_on WHERE service_id = ${serviceId} AND archived_at IS NULL ORDER BY position, id`);
	return { packages: [...packages], addOns: [...addOns] };
}
