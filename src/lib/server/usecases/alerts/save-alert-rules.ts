// Sets what overseers are alerted to. Counts for what happens from now on, and a rule that is taken up again looks at what it did not see
// (look-late.ts). Everybody else who gets alerts is told of the change.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { ALERT_RULE_KEYS, ALERT_RULES, type AlertLimit } from '#domain/alert-words.ts';
import { alertRulesSchema, parseAlertRules, type AlertRules } from '#domain/alerts.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Reader } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { parseRules } from '../review/read-rules.ts';
import { ifDifferent, Unchanged } from '../settings/if-different.ts';
import { noteSlack } from './note-slack.ts';

const LIMITS: readonly AlertLimit[] = ALERT_RULE_KEYS.flatMap((key) => [...ALERT_RULES[key].limits]);

/** As a form sends it: a switch that is off is not sent, a number comes as text. */
const ticked = z
	.string()
	.optional()
	.transform((value) => value !== undefined);
const whole = ({ min, max }: AlertLimit) => {
	const fault = `Type a whole number from ${min} to ${max}.`;
	return z.coerce.number(fault).int(fault).min(min, fault).max(max, fault);
};

export const alertRulesInput = z
	.object(
		Object.fromEntries<z.ZodType>([
			...ALERT_RULE_KEYS.map((key) => [key, ticked] as const),
			...LIMITS.map((limit) => [limit.key, whole(limit)] as const)
		])
	)
	.transform((values) => alertRulesSchema.parse(values));

const labelOf = (key: string): string => {
	const rule = ALERT_RULE_KEYS.find((one) => one === key);
	return rule ? ALERT_RULES[rule].label : (LIMITS.find((limit) => limit.key === key)?.label ?? key);
};
const said = (value: number | boolean): string =>
	typeof value === 'number' ? String(value) : value ? 'on' : 'off';

async function readStored(reader: Reader, agencyId: string, lock = false) {
	const [row] = await reader.execute<{ rules: unknown; hours: unknown }>(
		sql`SELECT alert_rules AS rules, review_rules AS hours FROM agency WHERE id = ${agencyId} ${lock ? sql`FOR UPDATE` : sql``}`
	);
	return { rules: parseAlertRules(row?.rules), hours: parseRules(row?.hours) };
}

/** @throws AppError `not_allowed` without `policy.manage` */
export const readAlertRules =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<AlertRules> => {
		await requireReader(db, actor, 'policy.manage');
		return (await readStored(db, actor.agencyId)).rules;
	};

/** @returns what is different now. @throws AppError the gate's refusals (logged) */
export const saveAlertRules =
	({ act }: { act: Act }) =>
	async (
		actor: StaffActor,
		after: AlertRules,
		origin: Origin
	): Promise<{ setting: string; before: string; after: string }[]> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Alert rules' };
		return ifDifferent(act)(actor, { action: 'alert.rules_changed', subject, origin }, async (tx) => {
			const { rules: before, hours } = await readStored(tx, actor.agencyId, true);
			const changes = (Object.keys(after) as (keyof AlertRules)[])
				.filter((key) => before[key] !== after[key])
				.map((key) => ({ setting: labelOf(key), before: said(before[key]), after: said(after[key]) }));
			if (changes.length === 0) throw new Unchanged(changes);
			await noteSlack(tx, actor.agencyId, {
				before: { rules: before, hours },
				after: { rules: after, hours }
			});
			await tx.execute(
				sql`UPDATE agency SET alert_rules = ${JSON.stringify(after)}::text::jsonb WHERE id = ${actor.agencyId}`
			);
			return { value: changes, details: { changes } };
		});
	};
