// Marks two-person zones. Read anew at each request of whoever is inside, so a mark acts at once.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { isZone, ZONE_ACTIONS, ZONE_AREAS, zoneLabel } from '#domain/zones.ts';
import type { Act } from '#server/db/act.ts';
import { withdrawCalls } from '#server/db/second-person.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { ifDifferent, Unchanged } from './if-different.ts';

const KEYS: readonly string[] = [...ZONE_AREAS, ...ZONE_ACTIONS];

export const zonesInput = z.object({
	zones: z.array(z.string().refine(isZone, 'Choose from the list.')).max(KEYS.length).default([])
});

const stored = z.array(z.string()).catch([]);

/** In the order of the catalogue; what a release knew that marked other things is left out. */
const inOrder = (zones: readonly string[]): string[] => KEYS.filter((key) => zones.includes(key));

/** @throws AppError `not_allowed` without `policy.manage` */
export const readZones =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<string[]> => {
		await requireReader(db, actor, 'policy.manage');
		const [row] = await db.execute<{ zones: unknown }>(
			sql`SELECT zones FROM agency WHERE id = ${actor.agencyId}`
		);
		return inOrder(stored.parse(row?.zones));
	};

const said = (zones: readonly string[]): string => zones.map(zoneLabel).join(', ') || 'none';

/** @returns whether anything is different. @throws AppError the gate's refusals (logged) */
export const saveZones =
	({ act }: { act: Act }) =>
	async (
		actor: StaffActor,
		{ zones }: z.infer<typeof zonesInput>,
		origin: Origin
	): Promise<{ before: string; after: string } | null> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Two-person zones' };
		return ifDifferent(act)(actor, { action: 'policy.changed', subject, origin }, async (tx) => {
			// Before the agency's row is locked: whoever is inside locks the two in this order.
			await withdrawCalls(tx, actor, zones);
			const [row] = await tx.execute<{ zones: unknown }>(
				sql`SELECT zones FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
			);
			const before = inOrder(stored.parse(row?.zones));
			const after = inOrder(zones);
			if (before.join(' ') === after.join(' ')) throw new Unchanged(null);
			await tx.execute(
				sql`UPDATE agency SET zones = ${JSON.stringify(after)}::text::jsonb WHERE id = ${actor.agencyId}`
			);
			const change = { before: said(before), after: said(after) };
			return { value: change, details: { changes: [{ setting: 'Two-person zones', ...change }] } };
		});
	};
