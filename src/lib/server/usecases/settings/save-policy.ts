// Sets the rules of impersonation. They are read anew at every start, request and sweep, so a rule that is withdrawn acts
// within a second on who is inside; limits of time were fixed at their start.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { policySchema, type Policy } from '#domain/policy.ts';
import { POLICY_TEXTS, policyValueText } from '#domain/policy-texts.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { ifDifferent, Unchanged } from './if-different.ts';

const whole = (key: keyof Policy) => {
	const text = POLICY_TEXTS[key];
	const { min, max, unit } = text.kind === 'number' ? text : { min: 0, max: 0, unit: '' };
	const fault = `Type a whole number of ${unit} from ${min} to ${max}.`;
	return z.number(fault).int(fault).min(min, fault).max(max, fault);
};

/** Every rule, whole: what is left out would silently fall back. */
export const policyInput = policySchema.required().extend({
	hardLimitMinutes: whole('hardLimitMinutes'),
	onboardingLimitMinutes: whole('onboardingLimitMinutes'),
	idleLimitMinutes: whole('idleLimitMinutes'),
	leaseSeconds: whole('leaseSeconds')
});

/** @throws AppError `not_allowed` without `policy.manage` */
export const readPolicy =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<Policy> => {
		await requireReader(db, actor, 'policy.manage');
		const [row] = await db.execute<{ policy: unknown }>(
			sql`SELECT policy FROM agency WHERE id = ${actor.agencyId}`
		);
		return policySchema.parse(row?.policy ?? {});
	};

type Change = { setting: string; before: string; after: string };

function changesOf(before: Policy, after: Policy): Change[] {
	return (Object.keys(POLICY_TEXTS) as (keyof Policy)[])
		.filter((key) => before[key] !== after[key])
		.map((key) => ({
			setting: POLICY_TEXTS[key].label,
			before: policyValueText(key, before[key]),
			after: policyValueText(key, after[key])
		}));
}

/** @returns what is different now; nothing is logged when nothing is. @throws AppError the gate's refusals (logged) */
export const savePolicy =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, policy: Policy, origin: Origin): Promise<Change[]> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Impersonation policy' };
		return ifDifferent(act)(actor, { action: 'policy.changed', subject, origin }, async (tx) => {
			const [row] = await tx.execute<{ policy: unknown }>(
				sql`SELECT policy FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
			);
			const changes = changesOf(policySchema.parse(row?.policy ?? {}), policy);
			if (changes.length === 0) throw new Unchanged(changes);
			await tx.execute(
				sql`UPDATE agency SET policy = ${JSON.stringify(policy)}::text::jsonb WHERE id = ${actor.agencyId}`
			);
			return { value: changes, details: { changes } };
		});
	};
