// How much an ended recording asks for a second look, and why: from what stands in the log and from one draw that is kept with it,
// by fixed rules, so that the same facts always get the same answer and a reviewer can be told every reason.
import { z } from 'zod';
import type { ActionName } from './actions.ts';
import { RISKS, type RiskKey, type RiskReason } from './risk-words.ts';

/** What an agency may set. Stored as JSON; absent keys take these defaults. */
export const reviewRulesSchema = z.object({
	/** Recordings from this risk on wait for a verdict. */
	fromRisk: z.number().int().min(1).max(100).default(20),
	/** Of the others this many in a hundred, whichever they are. */
	sharePercent: z.number().int().min(0).max(100).default(5),
	/** A verdict is due so many days after the end. */
	dueDays: z.number().int().min(1).max(30).default(3),
	/** So many downloads in one impersonation are many. */
	bulkDownloads: z.number().int().min(2).max(100).default(5),
	/** Whole hours of the zone; before the first and from the second on it is out of hours. */
	workFrom: z.number().int().min(0).max(23).default(7),
	workUntil: z.number().int().min(1).max(24).default(20),
	weekends: z.boolean().default(false),
	zone: z.string().max(64).default('UTC')
});
export type ReviewRules = z.infer<typeof reviewRulesSchema>;

export type Assessment = { risk: number; reasons: RiskReason[]; isQueued: boolean };

export type RiskFacts = {
	/**
	 * 0 to below 1: below the share of the rules it is chosen by chance. Attack: whoever can work it out while inside, from an id
	 * say, knows beforehand that nobody will look. So it is drawn once it is over, and from nothing.
	 */
	draw: number;
	startedAt: number;
	/** What was done and tried inside, by name. */
	deeds: readonly { action: string; outcome: 'done' | 'refused'; count: number }[];
	isIncomplete: boolean;
	/** Frozen, or ended by a supervisor, by the client or by a right that was withdrawn. */
	wasStopped: boolean;
	/** Impersonations that the same staff member began in the hour before it, itself left out. */
	startsBefore: number;
};

const MONEY: readonly string[] = [
	'order.placed',
	'order.cancelled',
	'order.restored',
	'invoice.claimed_paid',
	'invoice.claim_withdrawn',
	'subscription.changed',
	'subscription.paused',
	'subscription.resumed',
	'subscription.cancelled'
] satisfies ActionName[];

const ACCESS: readonly string[] = [
	'contact.invited',
	'contact.rights_changed',
	'contact.removed',
	'contact.restored',
	'credentials.changed',
	'two_factor.enabled',
	'two_factor.disabled',
	'consent.granted',
	'consent.withdrawn',
	'consent.changed'
] satisfies ActionName[];

export const DOWNLOADS: readonly string[] = ['file.downloaded', 'invoice.downloaded'] satisfies ActionName[];
const FINAL: readonly string[] = ['task.deleted', 'folder.deleted', 'file.deleted'] satisfies ActionName[];

/** More impersonations than this within an hour are more than a person looks after. */
const MANY_STARTS = 5;

/** Further ones of a kind count less and less, and never as much as another kind. */
const MORE_OF_A_KIND = 0.15;
const MAX_COUNTED = 6;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Of six bits each: a double holds them exactly. */
const DRAWN = 8;

/** 0 to below 1, spread evenly, out of random bits in base64url (`Ids.secret`). */
export function drawOf(secret: string): number {
	let drawn = 0;
	for (const letter of secret.slice(0, DRAWN)) drawn = drawn * DIGITS.length + DIGITS.indexOf(letter);
	return drawn / DIGITS.length ** DRAWN;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Whether an instant lies outside of the agency's working hours. */
export function isOutOfHours(at: number, rules: ReviewRules): boolean {
	const parts = new Intl.DateTimeFormat('en-GB', {
		timeZone: rules.zone,
		weekday: 'short',
		hour: '2-digit',
		hourCycle: 'h23'
	}).formatToParts(at);
	const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
	const day = DAYS.indexOf(of('weekday'));
	if (!rules.weekends && (day === 0 || day === 6)) return true;
	const hour = Number(of('hour'));
	return hour < rules.workFrom || hour >= rules.workUntil;
}

function countsOf(facts: RiskFacts, rules: ReviewRules): Record<Exclude<RiskKey, 'share'>, number> {
	const sum = (names: readonly string[], outcome?: 'done' | 'refused'): number =>
		facts.deeds
			.filter((deed) => names.includes(deed.action) && (!outcome || deed.outcome === outcome))
			.reduce((all, { count }) => all + count, 0);
	const downloads = sum(DOWNLOADS, 'done');
	const refused = facts.deeds.filter(({ outcome }) => outcome === 'refused');
	return {
		money: sum(MONEY),
		permissions: sum(ACCESS),
		incomplete: Number(facts.isIncomplete),
		stopped: Number(facts.wasStopped),
		exports: downloads >= rules.bulkDownloads ? downloads : 0,
		refused: refused.reduce((all, { count }) => all + count, 0),
		sensitive: sum(FINAL, 'done'),
		hours: Number(isOutOfHours(facts.startedAt, rules)),
		many: facts.startsBefore >= MANY_STARTS ? facts.startsBefore + 1 : 0
	};
}

/** Of reasons that come together none is lost, and no sum is over 100: what is left open is closed bit by bit. */
function riskOf(reasons: readonly RiskReason[]): number {
	let open = 1;
	for (const { key, count } of reasons) {
		const more = 1 + MORE_OF_A_KIND * (Math.min(count, MAX_COUNTED) - 1);
		open *= 1 - Math.min(0.9, (RISKS[key].weight / 100) * more);
	}
	return Math.round(100 * (1 - open));
}

/** Why a recording should be looked at, heaviest reason first. */
export function assessRisk(facts: RiskFacts, rules: ReviewRules): Assessment {
	const counts = countsOf(facts, rules);
	const found: RiskReason[] = (Object.keys(counts) as (keyof typeof counts)[])
		.filter((key) => counts[key] > 0)
		.map((key) => ({ key, count: counts[key] }))
		.toSorted((a, b) => RISKS[b.key].weight - RISKS[a.key].weight);
	const risk = riskOf(found);
	const isChosen = facts.draw * 100 < rules.sharePercent;
	// Money and access always: a threshold must not hide what a client would ask about first.
	const isQueued = risk >= rules.fromRisk || counts.money > 0 || counts.permissions > 0;
	if (isQueued || !isChosen) return { risk, reasons: found, isQueued };
	return { risk, reasons: [...found, { key: 'share', count: 1 }], isQueued: true };
}
