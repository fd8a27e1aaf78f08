// A rule that was let go of and is taken up again looks at what happened meanwhile, as it is now: what it would have raised is kept as
// found late, and raised. Attack: whoever may change the rules switches one off for as long as they act.
import { sql } from 'drizzle-orm';
import { isAsStrict, LATE_DAYS } from '#domain/alert-slack.ts';
import { ALERT_RULE_KEYS, isAlertRule, type AlertRule } from '#domain/alert-words.ts';
import { judgeRows, parseAlertRules, type FoundAlert } from '#domain/alerts.ts';
import type { Tx } from '#server/db/types.ts';
import { ms } from '../agency/require-reader.ts';
import { parseRules } from '../review/read-rules.ts';
import { judgeEnded } from './judge-running.ts';
import { keepFound } from './keep-found.ts';
import { readHappened } from './read-happened.ts';
import { lockPlace, type TakeNews } from './take-news.ts';

/** Rows that one look takes, the first ones: as many alert to something by themselves. */
const AT_MOST = 50_000;

type Slack = { rule: string; since: number; was: { rules?: unknown; hours?: unknown } };

const HOUR_MS = 3_600_000;

const settingsOf = ({ rules, hours }: Slack['was']) => ({
	rules: parseAlertRules(rules),
	hours: parseRules(hours)
});
type Settings = ReturnType<typeof settingsOf>;

/** The same with one rule alone. */
function only(rule: AlertRule, { rules, hours }: Settings): Settings {
	const switches = Object.fromEntries(ALERT_RULE_KEYS.map((key) => [key, key === rule && rules[key]]));
	return { rules: { ...rules, ...switches }, hours };
}

const BY_CLOCK: readonly AlertRule[] = ['silent', 'long'];

/** By what ended, or by the log as far as it was gone through: counts begin an hour before. */
async function judge(
	tx: Tx,
	agencyId: string,
	of: { rule: AlertRule; since: number; upTo: string; now: Settings }
): Promise<FoundAlert[]> {
	const { rule, since, upTo } = of;
	const settings = only(rule, of.now);
	if (BY_CLOCK.includes(rule)) return judgeEnded(tx, agencyId, { since, rules: settings.rules });
	const rows = await readHappened(tx, agencyId, {
		within: sql`a.seq <= ${upTo}::bigint AND a.at > to_timestamp(${(since - HOUR_MS) / 1000})`,
		limit: AT_MOST
	});
	const earlier = rows.filter(({ at }) => at < since);
	const before = judgeRows(earlier, [], settings).added;
	const during = rows.filter(({ at }) => at >= since);
	return judgeRows(during, before, settings).found;
}

/** What was let go of is made good once the rule finds as much again as it did; until then it is remembered. */
const settle = (tx: Tx, agencyId: string, { rule, isGood }: { rule: string; isGood: boolean }) =>
	isGood
		? tx.execute(sql`DELETE FROM alert_slack WHERE agency_id = ${agencyId} AND rule = ${rule}`)
		: tx.execute(sql`UPDATE alert_slack SET is_due = false WHERE agency_id = ${agencyId} AND rule = ${rule}`);

const lookOf = ({ db, ids }: TakeNews, agencyId: string): Promise<void> =>
	db.transaction(async (tx) => {
		// First these rows, then the rules: whoever changes them waits for these rows, and comes before or after as a whole.
		const due = await tx.execute<Slack & { now: number }>(sql`
			SELECT rule, ${ms('since')} AS since, was, ${ms('clock_timestamp()')} AS now FROM alert_slack
			WHERE agency_id = ${agencyId} AND is_due FOR UPDATE`);
		const place = due.length > 0 ? await lockPlace(tx, agencyId) : null;
		if (!place) return;
		const now = settingsOf({ rules: place.rules, hours: place.hours });
		for (const { rule, since, was, now: at } of due) {
			if (!isAlertRule(rule)) continue;
			const from = Math.max(since, at - LATE_DAYS * 24 * HOUR_MS);
			const found = await judge(tx, agencyId, { rule, since: from, upTo: place.from, now });
			await keepFound(tx, ids, { agencyId, found, isLate: true });
			await settle(tx, agencyId, { rule, isGood: isAsStrict(rule, now, settingsOf(was)) });
		}
	});

/** Every agency with a rule that was taken up again. One that fails holds up no other; it is tried again by the next run. */
export const lookLate = (deps: TakeNews & { onError(error: unknown): void }) => async (): Promise<void> => {
	const agencies = await deps.db.execute<{ id: string }>(
		sql`SELECT DISTINCT agency_id AS id FROM alert_slack WHERE is_due`
	);
	for (const { id } of agencies) await lookOf(deps, id).catch(deps.onError);
};
