// Sets what is worth a look. Counts for recordings that end from now on: what was found of earlier ones stays. The working hours are those of
// the alerts, too, so whoever gets these is told of the change.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { reviewRulesSchema, type ReviewRules } from '#domain/risk.ts';
import { parseAlertRules } from '#domain/alerts.ts';
import { isZone } from '#domain/zoned-day.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { noteSlack } from '../alerts/note-slack.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { parseRules, readReviewRules as readStored } from './read-rules.ts';

const whole = (min: number, max: number) => {
	const fault = `Type a whole number from ${min} to ${max}.`;
	return z.coerce.number(fault).int(fault).min(min, fault).max(max, fault);
};

/** As a form sends it: a switch that is off is not sent. */
export const reviewRulesInput = z
	.object({
		fromRisk: whole(1, 100),
		sharePercent: whole(0, 100),
		dueDays: whole(1, 30),
		bulkDownloads: whole(2, 100),
		workFrom: whole(0, 23),
		workUntil: whole(1, 24),
		weekends: z
			.string()
			.optional()
			.transform((value) => value !== undefined),
		zone: z.string().trim().max(64).refine(isZone, 'Choose a time zone, like Europe/Berlin.')
	})
	.refine(({ workFrom, workUntil }) => workFrom < workUntil, {
		path: ['workUntil'],
		message: 'Working hours end after they begin.'
	});

const LABELS: Record<keyof ReviewRules, string> = {
	fromRisk: 'From risk',
	sharePercent: 'Random share',
	dueDays: 'Due after days',
	bulkDownloads: 'Many downloads',
	workFrom: 'Working hours from',
	workUntil: 'Working hours until',
	weekends: 'Weekends are working days',
	zone: 'Time zone'
};

/** @throws AppError `not_allowed` without `policy.manage` */
export const readReviewRules =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<ReviewRules> => {
		await requireReader(db, actor, 'policy.manage');
		return readStored(db, actor.agencyId);
	};

/** @returns what is different now. @throws AppError the gate's refusals (logged) */
export const saveReviewRules =
	({ act }: { act: Act }) =>
	async (
		actor: StaffActor,
		rules: z.infer<typeof reviewRulesInput>,
		origin: Origin
	): Promise<{ setting: string; before: string; after: string }[]> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Review rules' };
		return ifDifferent(act)(actor, { action: 'review.rules_changed', subject, origin }, async (tx) => {
			const [row] = await tx.execute<{ rules: unknown; alerts: unknown }>(
				sql`SELECT review_rules AS rules, alert_rules AS alerts FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
			);
			const before = parseRules(row?.rules);
			const after = reviewRulesSchema.parse(rules);
			const changes = (Object.keys(LABELS) as (keyof ReviewRules)[])
				.filter((key) => before[key] !== after[key])
				.map((key) => ({ setting: LABELS[key], before: String(before[key]), after: String(after[key]) }));
			if (changes.length === 0) throw new Unchanged(changes);
			const alerts = parseAlertRules(row?.alerts);
			await noteSlack(tx, actor.agencyId, {
				before: { rules: alerts, hours: before },
				after: { rules: alerts, hours: after }
			});
			await tx.execute(
				sql`UPDATE agency SET review_rules = ${JSON.stringify(after)}::text::jsonb WHERE id = ${actor.agencyId}`
			);
			return { value: changes, details: { changes } };
		});
	};
