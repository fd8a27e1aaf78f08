// Packages and add-ons of a service as its editor left them: known rows change, new ones come, missing ones are archived
// and never deleted, since orders and subscriptions refer to them.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ServiceId } from '#domain/ids.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { ServiceInput } from './service-input.ts';

type Of = { agencyId: AgencyId; serviceId: ServiceId };
type Table = 'service_package' | 'service_add_on';

/** Which of the sent rows are this service's own. Attack: the id of another service's package in a forged form. */
async function knownIds(tx: Tx, table: Table, { serviceId, agencyId }: Of, sent: readonly (string | null)[]) {
	const rows = await tx.execute<{ id: string }>(sql`
		SELECT id FROM ${sql.identifier(table)} WHERE service_id = ${serviceId} AND agency_id = ${agencyId}
			AND archived_at IS NULL FOR UPDATE`);
	const known = new Set(rows.map((row) => row.id));
	const named = sent.filter((id): id is string => id !== null);
	if (named.some((id) => !known.has(id)) || new Set(named).size !== named.length)
		throw new AppError('invalid', 'A row of this form is not known any more. Reload the page.');
	return { gone: [...known].filter((id) => !named.includes(id)) };
}

async function archive(tx: Tx, table: Table, ids: readonly string[]): Promise<void> {
	for (const id of ids)
		await tx.execute(
			sql`UPDATE ${sql.identifier(table)} SET archived_at = clock_timestamp() WHERE id = ${id}`
		);
}

const textArray = (texts: readonly string[]) =>
	sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;

async function putPackages({ tx, ids }: { tx: Tx; ids: Ids }, of: Of, input: ServiceInput): Promise<void> {
	const rows = input.packages;
	const { gone } = await knownIds(
		tx,
		'service_package',
		of,
		rows.map((row) => row.id)
	);
	for (const [position, row] of rows.entries())
		await tx.execute(sql`
			INSERT INTO service_package (id, agency_id, service_id, name, description, features, price_minor, currency, billing,
				max_quantity, position)
			VALUES (${row.id ?? ids.uuid()}, ${of.agencyId}, ${of.serviceId}, ${row.name}, ${row.description},
				${textArray(row.features)}, ${row.price}, ${input.currency}, ${row.billing}, ${row.maxQuantity}, ${position})
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
				features = excluded.features, price_minor = excluded.price_minor, currency = excluded.currency,
				billing = excluded.billing, max_quantity = excluded.max_quantity, position = excluded.position`);
	await archive(tx, 'service_package', gone);
}

async function putAddOns({ tx, ids }: { tx: Tx; ids: Ids }, of: Of, input: ServiceInput): Promise<void> {
	const rows = input.addOns;
	const { gone } = await knownIds(
		tx,
		'service_add_on',
		of,
		rows.map((row) => row.id)
	);
	for (const [position, row] of rows.entries())
		await tx.execute(sql`
			INSERT INTO service_add_on (id, agency_id, service_id, name, description, price_minor, currency, max_quantity,
				position)
			VALUES (${row.id ?? ids.uuid()}, ${of.agencyId}, ${of.serviceId}, ${row.name}, ${row.description}, ${row.price},
				${input.currency}, ${row.maxQuantity}, ${position})
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
				price_minor = excluded.price_minor, currency = excluded.currency, max_quantity = excluded.max_quantity,
				position = excluded.position`);
	await archive(tx, 'service_add_on', gone);
}

/** Part of a change that the gate opened, with the service locked. @throws AppError `invalid` for rows not its own */
export async function putParts(by: { tx: Tx; ids: Ids }, of: Of, input: ServiceInput): Promise<void> {
	await putPackages(by, of, input);
	await putAddOns(by, of, input);
}
