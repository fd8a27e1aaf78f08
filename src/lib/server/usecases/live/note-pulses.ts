// Signs of life of all recorded pages, in one statement. The act gate reads them, so a clock other than the database's
// must not decide: what is compared there is sent as an age, never as a time.
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

/** What happened on one page since the last pulse; null is "nothing new". Ages are ms before now. */
export type Pulse = {
	pageId: string;
	impersonationId: string;
	beatAgeMs: number | null;
	snapshotAgeMs: number | null;
	activityAgeMs: number | null;
	/** Hub time, ms since the epoch. */
	firstEventAt: number | null;
	lastEventAt: number | null;
	address: string | null;
	title: string | null;
	/** True once its connection is gone, false once it is back. */
	closed: boolean | null;
	events: number;
	bytes: number;
};

/**
 * Text as the database can hold it. Attack: all pages share the statement below, so one title with a NUL or half a letter
 * would make it fail again and again, and no page of any agency would have a beat. Cuts make half letters by accident.
 */
const storable = (text: string | null): string | null =>
	text?.replaceAll('\u0000', '\ufffd').toWellFormed() ?? null;

/** Writes pulses; running twice counts events and bytes twice, so a failed call is repeated only when it did not commit. */
export const notePulses =
	({ db }: { db: Db }) =>
	async (pulses: readonly Pulse[]): Promise<void> => {
		if (pulses.length === 0) return;
		const rows = pulses.map((p) => ({ ...p, address: storable(p.address), title: storable(p.title) }));
		await db.execute(sql`
			WITH pulse AS MATERIALIZED (
				SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS p("pageId" uuid, "impersonationId" uuid,
					"beatAgeMs" float8, "snapshotAgeMs" float8, "activityAgeMs" float8, "firstEventAt" float8,
					"lastEventAt" float8, address text, title text, closed boolean, events integer, bytes bigint)
			), pages AS (
				UPDATE page g SET
					last_beat_at = GREATEST(g.last_beat_at, clock_timestamp() - make_interval(secs => p."beatAgeMs" / 1000)),
					snapshot_at = COALESCE(g.snapshot_at, clock_timestamp() - make_interval(secs => p."snapshotAgeMs" / 1000)),
					first_event_at = LEAST(g.first_event_at, to_timestamp(p."firstEventAt" / 1000)),
					last_event_at = GREATEST(g.last_event_at, to_timestamp(p."lastEventAt" / 1000)),
					address = COALESCE(p.address, g.address),
					title = COALESCE(p.title, g.title),
					closed_at = CASE WHEN p.closed IS NULL THEN g.closed_at
						WHEN p.closed THEN COALESCE(g.closed_at, clock_timestamp()) END,
					events = g.events + p.events,
					bytes = g.bytes + p.bytes
				FROM pulse p WHERE g.id = p."pageId" AND g.impersonation_id = p."impersonationId"
			)
			UPDATE impersonation_pulse a
			SET last_activity_at = GREATEST(a.last_activity_at, clock_timestamp() - make_interval(secs => x.age / 1000))
			FROM (SELECT "impersonationId" AS id, min("activityAgeMs") AS age FROM pulse
				WHERE "activityAgeMs" IS NOT NULL GROUP BY 1) x
			WHERE a.impersonation_id = x.id`);
	};
