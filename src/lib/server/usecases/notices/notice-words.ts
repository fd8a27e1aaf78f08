// What a notice says and where it leads, on either side. Never the text of a message, never an amount: a notice may be
// read over a shoulder, and a mail of it lies in a mailbox for years.
import { actionTitle } from '#domain/actions.ts';
import type { Told } from './read-told.ts';

type Who = Pick<Told, 'kind' | 'contact' | 'staff' | 'agency'>;

/** Both names, whenever there are two: who impersonated, and as whom; who approved, and who had prepared it. */
export function whoOf({ kind, contact, staff, agency }: Who): string {
	if (kind === 'impersonation') return `${staff ?? agency} as ${contact ?? 'a contact'}`;
	if (kind === 'client' && staff) return `${contact ?? 'The client'} (prepared by ${staff})`;
	if (kind === 'client') return contact ?? 'The client';
	return kind === 'staff' && staff ? `${staff}, ${agency}` : agency;
}

const MAX_LABEL = 120;

/** "Maya Lindgren as Bea Morgan commented on task “Spring menu”". */
export function titleOf(told: Who & Pick<Told, 'action' | 'details'>): string {
	const title = actionTitle(told.action);
	const label = told.details['subject'];
	const name = typeof label === 'string' && label ? ` “${label.slice(0, MAX_LABEL)}”` : '';
	return `${whoOf(told)} ${title.charAt(0).toLowerCase()}${title.slice(1)}${name}`;
}

type Subject = Pick<Told, 'subjectType' | 'subjectId' | 'clientId'>;

const PORTAL: Record<string, string> = {
	task: '/tasks',
	order: '/orders',
	invoice: '/invoices',
	subscription: '/subscriptions',
	thread: '/messages'
};
/** Lists alone lead on: a file has no page of its own. */
const PORTAL_LISTS: Record<string, string> = {
	file: '/files',
	folder: '/files',
	draft: '/approvals',
	contact: '/account/team'
};

/** The page of the portal that shows it. */
export function portalHref({ subjectType, subjectId }: Omit<Subject, 'clientId'>): string {
	const area = PORTAL[subjectType ?? ''];
	if (area && subjectId) return `${area}/${subjectId}`;
	return PORTAL_LISTS[subjectType ?? ''] ?? '/';
}

const AGENCY_PAGES: Record<string, string> = {
	task: '/tasks',
	thread: '/messages',
	order: '/orders',
	invoice: '/invoices',
	subscription: '/subscriptions'
};
const AGENCY_TABS: Record<string, string> = {
	file: 'files',
	folder: 'files',
	draft: 'impersonations',
	contact: 'contacts'
};

/** The agency's page that shows it. */
export function agencyHref({ subjectType, subjectId, clientId }: Subject): string {
	const area = AGENCY_PAGES[subjectType ?? ''];
	if (area && subjectId) return `${area}/${subjectId}`;
	const tab = AGENCY_TABS[subjectType ?? ''];
	return tab ? `/clients/${clientId}?tab=${tab}` : `/clients/${clientId}`;
}
