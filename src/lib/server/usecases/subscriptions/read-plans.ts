// The plans a subscription may change to: the recurring packages of its own service that are still sold.
import { sql } from 'drizzle-orm';
import type { PackageId } from '#domain/ids.ts';
import type { Billing } from '#domain/renewal.ts';
import type { Reader } from '#server/db/types.ts';
import type { BillingActor } from '../billing/reach.ts';

export type Plan = {
	id: PackageId;
	name: string;
	description: string;
	features: string[];
	priceMinor: number;
	currency: string;
	billing: Billing;
	service: string;
};

/** Staff may choose among all; a client only while the service is one that it is shown. */
const offered = (actor: BillingActor) =>
	actor.kind === 'staff'
		? sql`true`
		: sql`v.status = 'published' AND (v.visible_to = 'all' OR EXISTS (
			SELECT FROM service_client x WHERE x.service_id = v.id AND x.client_id = ${actor.clientId}))`;

export async function readPlans(
	reader: Reader,
	actor: BillingActor,
	serviceId: string | null
): Promise<Plan[]> {
	if (!serviceId) return [];
	const rows = await reader.execute<Plan>(sql`
		SELECT p.id, p.name, p.description, p.features, p.price_minor::float8 AS "priceMinor", p.currency, p.billing,
			v.name AS service
		FROM service_package p JOIN service v ON v.id = p.service_id
		WHERE p.service_id = ${serviceId} AND p.agency_id = ${actor.agencyId} AND p.billing IN ('month', 'year')
			AND p.archived_at IS NULL AND ${offered(actor)}
		ORDER BY p.position, p.id`);
	return [...rows];
}
