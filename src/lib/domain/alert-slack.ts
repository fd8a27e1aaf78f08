// When alert rules were let go of, pure: whether one set of them still finds all that another finds. Attack: whoever may change the rules
// switches one off, does what it would tell of, and switches it on again.
import { ALERT_RULE_KEYS, ALERT_RULES, type AlertLimit, type AlertRule } from './alert-words.ts';
import type { AlertRules } from './alerts.ts';
import type { ReviewRules } from './risk.ts';

/** How far back is looked once a rule is as it was: longer ago nobody could still stop anything. */
export const LATE_DAYS = 7;

/** Everything that alerts depend on. */
export type AlertSettings = {
	rules: AlertRules;
	hours: Pick<ReviewRules, 'workFrom' | 'workUntil' | 'weekends' | 'zone'>;
};

const haveSameHours = ({ hours: a }: AlertSettings, { hours: b }: AlertSettings): boolean =>
	a.workFrom === b.workFrom && a.workUntil === b.workUntil && a.weekends === b.weekends && a.zone === b.zone;

/** Every limit says from how much on: a higher one finds less. Of working hours none finds less than others; they find something else. */
export function isAsStrict(rule: AlertRule, now: AlertSettings, before: AlertSettings): boolean {
	if (!before.rules[rule]) return true;
	if (!now.rules[rule]) return false;
	const limits: readonly AlertLimit[] = ALERT_RULES[rule].limits;
	const limitOf = ({ rules }: AlertSettings, key: string): number => Number(rules[key as keyof AlertRules]);
	return (
		limits.every(({ key }) => limitOf(now, key) <= limitOf(before, key)) &&
		(rule !== 'out_of_hours' || haveSameHours(now, before))
	);
}

/** Rules that find less by this change, or something else. */
export const slackened = (before: AlertSettings, after: AlertSettings): AlertRule[] =>
	ALERT_RULE_KEYS.filter((rule) => !isAsStrict(rule, after, before));

/** Rules that find more by it, or something else. */
export const tightened = (before: AlertSettings, after: AlertSettings): AlertRule[] =>
	slackened(after, before);
