// What overseers are alerted to while it happens, pure. The review judges the same once it is over (risk.ts): what counts as a
// download and which hours are working hours is said there alone. The limits are alerts' own: an alert interrupts somebody.
import { z } from 'zod';
import type { AlertRule } from './alert-words.ts';
import { DOWNLOADS, isOutOfHours, type ReviewRules } from './risk.ts';

/** What an agency may set. Stored as JSON; absent keys take these defaults. */
export const alertRulesSchema = z.object({
	many_clients: z.boolean().default(true),
	clients: z.number().int().min(2).max(50).default(8),
	/** Off until the agency has set its hours: those it ships with fit few. */
	out_of_hours: z.boolean().default(false),
	downloads: z.boolean().default(true),
	downloadsAnHour: z.number().int().min(2).max(500).default(20),
	refused: z.boolean().default(true),
	refusedAnHour: z.number().int().min(2).max(200).default(10),
	silent: z.boolean().default(true),
	silentSeconds: z.number().int().min(20).max(110).default(30),
	long: z.boolean().default(true),
	longTimes: z.number().int().min(2).max(20).default(3),
	longMinutes: z.number().int().min(5).max(60).default(45)
});
export type AlertRules = z.infer<typeof alertRulesSchema>;

/** Rules that nobody stored, or a release that knew others, are the usual ones. */
export function parseAlertRules(stored: unknown): AlertRules {
	const parsed = alertRulesSchema.safeParse(stored ?? {});
	return parsed.success ? parsed.data : alertRulesSchema.parse({});
}

export const ENTERED = 'impersonation.entered';

/** Done ones that rules turn on; refused ones of any name do. */
export const ALERTING_ACTIONS: readonly string[] = [ENTERED, ...DOWNLOADS];

/** Refused for a reason that lies in a network or a clock, not in what somebody wanted. */
export const BLAMELESS_REFUSALS: readonly string[] = ['no_recorder', 'impersonation_over'];

/** One row of the log, as rules see it. */
export type Happened = {
	at: number;
	action: string;
	outcome: 'done' | 'refused';
	staffId: string;
	clientId: string | null;
	impersonationId: string | null;
	/** Clients whose portals this person entered in the hour up to it; only with an entry. */
	clients: number;
};

export type FoundAlert = Pick<Happened, 'at' | 'staffId' | 'clientId' | 'impersonationId'> & {
	rule: AlertRule;
	count: number;
	/** What it is raised once for. */
	span: string;
};

export const BUCKET_MS = 300_000;
const BUCKETS_AN_HOUR = 12;
const HOUR_MS = 3_600_000;
const SHORTEST_LONG_MINUTES = 5;
const ENOUGH_TO_COMPARE = 20;

export const bucketOf = (at: number): number => Math.floor(at / BUCKET_MS);
/** Buckets before this one no longer count at that moment. */
export const firstBucket = (at: number): number => bucketOf(at) - BUCKETS_AN_HOUR + 1;

type Counted = 'downloads' | 'refused';
/** How often something was done by one person, in five minutes each: what an hour holds is a sum of twelve. */
export type Tally = { staffId: string; rule: Counted; bucket: number; count: number };

const tallyKey = ({ staffId, rule, bucket }: Omit<Tally, 'count'>): string => `${staffId} ${rule} ${bucket}`;

function countedAs({ action, outcome }: Happened): Counted | null {
	if (outcome === 'refused') return 'refused';
	return action === ENTERED ? null : 'downloads';
}

function sumOfHour(tallies: ReadonlyMap<string, number>, of: Omit<Tally, 'count'>): number {
	let sum = 0;
	for (let bucket = of.bucket - BUCKETS_AN_HOUR + 1; bucket <= of.bucket; bucket++)
		sum += tallies.get(tallyKey({ ...of, bucket })) ?? 0;
	return sum;
}

const spanOfHour = (at: number): string => new Date(Math.floor(at / HOUR_MS) * HOUR_MS).toISOString();

function onEntry(row: Happened, rules: AlertRules, hours: ReviewRules): FoundAlert[] {
	const found: FoundAlert[] = [];
	const span = row.impersonationId ?? '';
	if (rules.out_of_hours && isOutOfHours(row.at, hours))
		found.push({ ...placeOf(row), rule: 'out_of_hours', count: 1, span });
	if (rules.many_clients && row.clients >= rules.clients)
		found.push({ ...placeOf(row), rule: 'many_clients', count: row.clients, span: spanOfHour(row.at) });
	return found;
}

const placeOf = ({ at, staffId, clientId, impersonationId }: Happened) => ({
	at,
	staffId,
	clientId,
	impersonationId
});

/**
 * Goes through rows in their order, each exactly once. `before` are the tallies of the hour before the first of them.
 * @returns what they alert to, and what they add to the tallies
 */
export function judgeRows(
	rows: readonly Happened[],
	before: readonly Tally[],
	{ rules, hours }: { rules: AlertRules; hours: ReviewRules }
): { found: FoundAlert[]; added: Tally[] } {
	const tallies = new Map(before.map((tally) => [tallyKey(tally), tally.count]));
	const added = new Map<string, Tally>();
	const found: FoundAlert[] = [];
	for (const row of rows) {
		const rule = countedAs(row);
		if (rule === null) {
			found.push(...onEntry(row, rules, hours));
			continue;
		}
		const of = { staffId: row.staffId, rule, bucket: bucketOf(row.at) };
		const key = tallyKey(of);
		tallies.set(key, (tallies.get(key) ?? 0) + 1);
		added.set(key, { ...of, count: (added.get(key)?.count ?? 0) + 1 });
		const count = sumOfHour(tallies, of);
		const limit = rule === 'downloads' ? rules.downloadsAnHour : rules.refusedAnHour;
		if (rules[rule] && count >= limit) found.push({ ...placeOf(row), rule, count, span: spanOfHour(row.at) });
	}
	return { found: firstOfEach(found), added: [...added.values()] };
}

/** Of one rule, person and span the first is raised, with as much as it became: the rest says nothing new. */
function firstOfEach(found: readonly FoundAlert[]): FoundAlert[] {
	const first = new Map<string, FoundAlert>();
	for (const one of found) {
		const key = `${one.rule} ${one.staffId} ${one.span}`;
		const before = first.get(key) ?? one;
		first.set(key, { ...before, count: Math.max(before.count, one.count) });
	}
	return [...first.values()];
}

/** An impersonation that runs, at one moment of the database's clock. */
export type Running = {
	silentMs: number;
	ageMs: number;
	/** Of the agency's last ones: their middle length, and how many they are. */
	usual: { lengthMs: number; count: number };
};

/** What a running impersonation alerts to by the clock alone. */
export function judgeRunning(
	{ silentMs, ageMs, usual }: Running,
	rules: AlertRules
): { rule: AlertRule; count: number }[] {
	const found: { rule: AlertRule; count: number }[] = [];
	if (rules.silent && silentMs >= 1000 * rules.silentSeconds)
		found.push({ rule: 'silent', count: Math.floor(silentMs / 1000) });
	const minutes = Math.floor(ageMs / 60_000);
	const isFarFromUsual =
		usual.count >= ENOUGH_TO_COMPARE &&
		minutes >= SHORTEST_LONG_MINUTES &&
		ageMs >= rules.longTimes * usual.lengthMs;
	if (rules.long && (minutes >= rules.longMinutes || isFarFromUsual))
		found.push({ rule: 'long', count: minutes });
	return found;
}

/** Rules that are raised again no sooner than an hour later, whatever their span says. */
export const HOURLY_RULES: readonly AlertRule[] = ['many_clients', 'downloads', 'refused'];
