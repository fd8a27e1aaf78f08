// A fresh demo has a past: its people act it out once, through the use cases and the gate, before anybody can sign in.
// What is not in a fresh log cannot be told from what somebody did there, so nothing is ever added to a demo in use.
import { sql } from 'drizzle-orm';
import type { ImpersonationId } from '#domain/ids.ts';
import type { App } from '#server/app.ts';
import type { Db } from '#server/db/types.ts';
import { bringRecordings } from '../recordings/bring-recordings.ts';
import {
	adamInsists,
	adamLooksAtBilling,
	mayaHelpsCedar,
	mayaIsRefused,
	oliviaChecks,
	samWorks
} from './scenes-agency.ts';
import { beaTidiesUp, benSortsFiles, coraAsks, ownerLetsIn, ownerWantsToBeAsked } from './scenes-clients.ts';
import { sofiaReviews } from './scenes-oversight.ts';
import type { Stage, Theatre } from './stage.ts';

/** From addresses that documentation keeps for itself (RFC 5737), one a scene: by them a later start knows what was begun. */
const SCENES: readonly (readonly [ip: string, play: (stage: Stage) => Promise<void>])[] = [
	['203.0.113.10', oliviaChecks],
	['203.0.113.24', beaTidiesUp],
	['203.0.113.11', mayaHelpsCedar],
	['203.0.113.58', coraAsks],
	['203.0.113.71', ownerLetsIn],
	['203.0.113.12', adamLooksAtBilling],
	['203.0.113.25', benSortsFiles],
	['203.0.113.13', samWorks],
	['203.0.113.15', adamInsists],
	['203.0.113.84', ownerWantsToBeAsked],
	['203.0.113.96', sofiaReviews],
	['203.0.113.14', mayaIsRefused]
];

/** Of what is brought along; it begins the log. */
const BROUGHT_FROM = '203.0.113.5';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** From where the log's rows came; null stands for a log that is empty. */
async function begunScenes(db: Db): Promise<ReadonlySet<string> | null> {
	const [any] = await db.execute(sql`SELECT FROM action LIMIT 1`);
	if (!any) return null;
	const rows = await db.execute<{ ip: string }>(
		sql`SELECT DISTINCT (details::jsonb) ->> 'ip' AS ip FROM action_details WHERE details LIKE '%"203.0.113.%'`
	);
	return new Set(rows.map(({ ip }) => ip));
}

/** What a scene that was killed left running: nobody may be inside when the demo opens. */
async function endLeft(db: Db, app: App): Promise<void> {
	const left = await db.execute<{ id: ImpersonationId }>(
		sql`SELECT id FROM impersonation WHERE state <> 'ended'`
	);
	for (const { id } of left) await app.impersonation.end(null, { impersonationId: id, reason: 'signed_out' });
}

/** Plays what is left to play. A scene that was begun is never played again, so nothing is done twice. */
export async function playHistory(theatre: Theatre): Promise<void> {
	const { app, db } = theatre;
	const begun = await begunScenes(db);
	if (begun && !begun.has(BROUGHT_FROM)) return;
	if (begun?.has(SCENES.at(-1)?.[0] ?? '')) return;
	if (begun) await endLeft(db, app);
	// First: what happened days ago stands before what is done now.
	await bringRecordings({ app, db, ip: BROUGHT_FROM });
	for (const [ip, play] of SCENES)
		if (!begun?.has(ip)) await play({ ...theatre, origin: { ip, userAgent: BROWSER } });
}
