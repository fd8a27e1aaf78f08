// What an impersonation was, in one sentence for the client.
import type { Reason } from '#domain/modes-and-reasons.ts';

export type AccessSummary = {
	staff: string;
	ended: boolean;
	pages: number;
	changes: number;
	/** Prepared for the client to approve, and so not done yet. */
	prepared?: number;
	downloads: number;
	/** Colleagues who had control of the pages for a part of it. */
	steerers?: readonly string[] | null;
	reason: Reason;
	ticket: string | null;
};

const REASON_WORDS: Record<Reason, string> = {
	support: 'for support',
	onboarding: 'for onboarding',
	billing: 'because of billing',
	verify: 'to verify the set-up',
	other: 'for another reason'
};

const listed = (names: readonly string[]): string =>
	names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** "Maya looked at 3 pages and changed nothing, because of ticket 812." */
export function accessSentence(s: AccessSummary): string {
	const looked = `looked at ${s.pages === 0 ? 'no page' : count(s.pages, 'page')}`;
	const did = s.changes === 0 ? 'changed nothing' : `made ${count(s.changes, 'change')}`;
	const changed = s.prepared ? `${did}, prepared ${count(s.prepared, 'action')} for your approval` : did;
	const took = s.downloads === 0 ? '' : `, downloaded ${count(s.downloads, 'file')}`;
	const why = s.ticket ? `because of ticket ${s.ticket}` : REASON_WORDS[s.reason];
	const steered = s.steerers?.length
		? ` ${listed(s.steerers)} had control of the page for a part of it.`
		: '';
	if (s.ended) return `${s.staff} ${looked}${took} and ${changed}, ${why}.${steered}`;
	return `${s.staff} is in your portal now, ${why}: ${looked}${took} and ${changed} so far.${steered}`;
}

/** The part of the portal an address lies in, by the names this client's portal gives them. */
export function pageName(address: string, labels: Readonly<Record<string, string>>): string {
	const path = address.split(/[?#]/)[0] ?? '/';
	const area = path === '/' ? 'home' : (path.split('/')[1] ?? '');
	return Object.hasOwn(labels, area) ? (labels[area] ?? path) : path;
}
