// How much an ended recording asks for a second look, and why: from what stands in the log, by fixed rules, so that the same
// recording always gets the same answer and a reviewer can be told every reason.
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
	impersonationId: string;
	startedAt: number;
	/** What was done and tried inside, by name. */
	deeds: readonly { action: string; outcome: 'done' | 'refused'; count: number }[];
	isIncomplete: boolean;
	/** Frozen, or ended by somebody else than the staff member or the clock. */
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

const DOWNLOADS: readonly string[] = ['file.downloaded', 'invoice.downloaded'] satisfies ActionName[];
const FINAL: readonly string[] = ['task.deleted', 'folder.deleted', 'file.deleted'] satisfies ActionName[];

/** More impersonations than this within an hour are more than a person looks after. */
const MANY_STARTS = 5;

/** Further ones of a kind count less and less, and never as much as another kind. */
const MORE_OF_A_KIND = 0.15;
const MAX_COUNTED = 6;

/** 0 to 1, spread evenly and the same for ever: FNV-1a of the id. Nobody can choose an id that is never looked at: we make them. */
export function shareOf(id: string): number {
	let hash = 0x811c9dc5;
	for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
	// The low bits of the last letter alone would hardly move the high ones.
	hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
	hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
	return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
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
	const isChosen = shareOf(facts.impersonationId) * 100 < rules.sharePercent;
	// Money and access always: a threshold must not hide what a client would ask about first.
	const isQueued = risk >= rules.fromRisk || counts.money > 0 || counts.permissions > 0;
	if (isQueued || !isChosen) return { risk, reasons: found, isQueued };
	return { risk, reasons: [...found, { key: 'share', count: 1 }], isQueued: true };
}
