// Somebody inside goes to a section that wants a second person: it is an action, and where nobody is there it calls somebody. What is
// shown is no matter of this: the view says so at each read (db/second-person.ts).
import { sql } from 'drizzle-orm';
import type { ImpersonationActor, Origin } from '#domain/actor.ts';
import type { AreaKey } from '#domain/portal-elements.ts';
import { zoneLabel } from '#domain/zones.ts';
import type { Act } from '#server/db/act.ts';
import { callSecond } from '#server/db/second-person.ts';
import { requireRunning } from '../supervision/helped-session.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';

export type ZonesInside = {
	/** What the agency marked. */
	marked: readonly string[];
	/** Of these, what is closed now: all, or none while a second person is there. */
	locked: readonly string[];
	/** The one gone to last, and whether somebody is still being called. */
	asked: string | null;
	isCalling: boolean;
};

/** Whether going there is news. A page that is opened again says nothing new, nor does one that waits for who was called. */
const isNews = ({ asked, locked, isCalling }: ZonesInside, area: AreaKey): boolean =>
	asked !== area || (locked.includes(area) && !isCalling);

/** @throws AppError `impersonation_over` */
export const enterZone =
	({ act }: { act: Act }) =>
	async (
		actor: ImpersonationActor,
		{ area, zones, origin }: { area: AreaKey; zones: ZonesInside; origin: Origin }
	): Promise<void> => {
		if (!zones.marked.includes(area) || !isNews(zones, area)) return;
		const { impersonationId: id } = actor;
		const label = zoneLabel(area);
		const isLocked = zones.locked.includes(area);
		await ifDifferent(act)(actor, { action: 'impersonation.zone_entered', origin }, async (tx) => {
			await requireRunning(tx, id, true);
			const [before] = await tx.execute<{ zone: string | null; calls: boolean }>(
				sql`SELECT zone, hand_raised_at IS NOT NULL AS calls FROM impersonation WHERE id = ${id}`
			);
			// Another tab was quicker.
			if (before?.zone === area && (!isLocked || before.calls)) throw new Unchanged(undefined);
			if (!isLocked) await tx.execute(sql`UPDATE impersonation SET zone = ${area} WHERE id = ${id}`);
			return {
				value: undefined,
				subject: { type: 'impersonation', id, label },
				details: { zone: label, secondPerson: isLocked ? 'called' : 'there' },
				outbox: isLocked ? await callSecond(tx, actor, area) : []
			};
		});
	};
