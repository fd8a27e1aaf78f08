// Recordings that ended and are to be judged: what RecordingsWorld makes, with the use cases of reviewing over it.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import type { ActionName } from '#domain/actions.ts';
import { composeReview } from '#server/compose/review.ts';
import type { Parts } from '#server/compose/parts.ts';
import { composeNotices } from '#server/compose/notices.ts';
import { reviewFilters } from '#server/usecases/review/review-filters.ts';
import { NO_ORIGIN, testIds, type Impersonated } from './impersonate.ts';
import { RecordingsWorld } from './recordings-world.ts';
import type { SeededAgency } from './two-agencies.ts';

export class ReviewWorld {
	readonly faults: unknown[] = [];
	readonly world: RecordingsWorld;

	private constructor(world: RecordingsWorld) {
		this.world = world;
	}

	static async open(): Promise<ReviewWorld> {
		const made = new ReviewWorld(await RecordingsWorld.open());
		// A time of day or a share must not decide a test.
		await made.run(
			sql`UPDATE agency SET review_rules = '{"workFrom": 0, "workUntil": 24, "weekends": true, "sharePercent": 0}'`
		);
		return made;
	}

	get review() {
		const { database, kit, liveLog } = this.world;
		const log = { error: (fields: unknown) => this.faults.push(fields) };
		return composeReview({ db: database.db, act: kit.act, ids: testIds, liveLog, log } as unknown as Parts);
	}

	run = (statement: ReturnType<typeof sql>) => this.world.database.db.execute(statement);

	/** An impersonation with a recording, in which this was done, and which ended a minute ago. */
	async ended(agency: SeededAgency, deeds: ActionName[] = [], batches = 5): Promise<Impersonated> {
		const { world } = this;
		const stay = await world.impersonate(agency);
		await world.record(stay, batches);
		for (const action of deeds)
			await world.kit.act(
				stay.actor,
				{ action, subject: { type: 'order', id: randomUUID(), label: 'Spring' } },
				() => Promise.resolve({ value: undefined })
			);
		await this.run(sql`UPDATE page SET closed_at = last_event_at WHERE id = ${stay.pageId}`);
		await this.run(sql`UPDATE impersonation SET state = 'ended', end_reason = 'switch_back',
			ended_at = clock_timestamp() - interval '1 minute', started_at = clock_timestamp() - interval '2 minutes'
			WHERE id = ${stay.impersonationId}`);
		return stay;
	}

	open = (actor: StaffActor, { impersonationId }: Pick<Impersonated, 'impersonationId'>) =>
		this.world.recordings.openReplay(actor, { impersonationId, origin: NO_ORIGIN });

	queue = async (actor: StaffActor, query: Record<string, string> = {}) =>
		(await this.review.list(actor, reviewFilters.parse(query))).rows.map(({ id }) => id);

	/** Tells whom the last action of this name names. @returns the titles that this person got */
	async told(action: ActionName, staffId: string): Promise<{ title: string; href: string }[]> {
		const { database, kit, mailer } = this.world;
		const parts = {
			db: database.db,
			act: kit.act,
			ids: testIds,
			mailer,
			config: { agencyOrigin: 'http://agency.test', portalOrigin: 'http://portal.test' }
		};
		const notices = composeNotices(parts as unknown as Parts);
		const rows = await this.run(
			sql`SELECT max(seq)::text AS seq FROM action WHERE action = ${action} AND outcome = 'done'`
		);
		await notices.spread([String(rows[0]?.['seq'])]);
		const found = await this.run(
			sql`SELECT title, href FROM notice WHERE staff_id = ${staffId} ORDER BY created_at`
		);
		return [...found] as { title: string; href: string }[];
	}
}
