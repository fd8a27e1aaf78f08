// The agency's layer of portal set-up, held for a change: two people who save at once must not undo each other.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import type { Tx } from '#server/db/types.ts';

export async function lockAgencySetup(tx: Tx, actor: StaffActor): Promise<PortalSetup> {
	const [row] = await tx.execute<{ setup: PortalSetup }>(
		sql`SELECT portal_setup AS setup FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
	);
	return row?.setup ?? {};
}

export async function writeAgencySetup(tx: Tx, actor: StaffActor, setup: PortalSetup): Promise<void> {
	await tx.execute(
		sql`UPDATE agency SET portal_setup = ${JSON.stringify(setup)}::text::jsonb WHERE id = ${actor.agencyId}`
	);
}
