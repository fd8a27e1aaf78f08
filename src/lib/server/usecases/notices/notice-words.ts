// What a notice says and where it leads, on either side. Never the text of a message, never an amount: a notice may be
// read over a shoulder, and a mail of it lies in a mailbox for years.
import { actionTitle, type ActionName } from '#domain/actions.ts';
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

const quoted = (text: unknown): string =>
	typeof text === 'string' && text ? ` “${text.slice(0, MAX_LABEL)}”` : '';

/** Where the title of the action names another thing than its subject. */
const PHRASES: Partial<Record<ActionName, (details: Told['details']) => string>> = {
	'task.file_attached': ({ name }) => `attached file${quoted(name)} to task`,
	'order.file_added': ({ name }) => `added file${quoted(name)} to order`,
	'payment.recorded': () => 'recorded a payment of invoice',
	'payment.removed': () => 'removed a payment of invoice',
	'payment.restored': () => 'put back a payment of invoice',
	'recording.commented': () => 'wrote to you about recording',
	'review.assigned': () => 'asked you to review recording'
};

type Titled = Who & Pick<Told, 'action' | 'details'>;

/** "commented on task “Spring menu”". */
function deedOf({ action, details }: Titled): string {
	const title = actionTitle(action);
	const phrase = PHRASES[action]?.(details) ?? title.charAt(0).toLowerCase() + title.slice(1);
	return phrase + quoted(details['subject']);
}

/** "Maya Lindgren as Bea Morgan commented on task “Spring menu”". */
export const titleOf = (told: Titled): string => `${whoOf(told)} ${deedOf(told)}`;

/** To whoever prepared it: "Bea Morgan declined what you prepared: “Delete file “plan.pdf””". */
export function verdictTitle(told: Titled): string {
	const label = quoted(told.details['subject']).trim();
	const what = label ? `: ${label}` : '';
	const who = told.contact ?? 'The client';
	if (told.action === 'draft.expired') return `What you prepared ran out before it was decided${what}`;
	if (told.action === 'draft.declined') return `${who} declined what you prepared${what}`;
	return `${who} approved what you prepared: ${deedOf(told)}`;
}

type Subject = Pick<Told, 'subjectType' | 'subjectId' | 'clientId'>;

const PORTAL: Record<string, string> = {
	task: '/tasks',
	file: '/files',
	order: '/orders',
	invoice: '/invoices',
	subscription: '/subscriptions',
	thread: '/messages'
};
/** Lists alone lead on: these have no page of their own. */
const PORTAL_LISTS: Record<string, string> = {
	folder: '/files',
	draft: '/approvals',
	contact: '/account/team'
};

const GONE: readonly ActionName[] = ['task.deleted', 'file.deleted'];

/** The page of the portal that shows it; its list where it is gone. */
export function portalHref({
	action,
	subjectType,
	subjectId
}: Omit<Subject, 'clientId'> & Pick<Told, 'action'>): string {
	const area = PORTAL[subjectType ?? ''];
	if (area && GONE.includes(action)) return area;
	if (area && subjectId) return `${area}/${subjectId}`;
	return PORTAL_LISTS[subjectType ?? ''] ?? '/';
}

const AGENCY_PAGES: Record<string, string> = {
	task: '/tasks',
	thread: '/messages',
	order: '/orders',
	invoice: '/invoices',
	subscription: '/subscriptions',
	alert: '/alerts'
};
const AGENCY_TABS: Record<string, string> = {
	file: 'files',
	folder: 'files',
	draft: 'impersonations',
	contact: 'contacts'
};

/** The moment of a recording that was written about. */
function momentHref(id: string, details: Told['details']): string {
	const at = Number(details['at']);
	return Number.isFinite(at) && at > 0 ? `/recordings/${id}?t=${at}` : `/recordings/${id}`;
}

/** The agency's page that shows it. */
export function agencyHref({
	subjectType,
	subjectId,
	clientId,
	details
}: Subject & Partial<Pick<Told, 'details'>>): string {
	if (subjectType === 'impersonation' && subjectId) return momentHref(subjectId, details ?? {});
	// Rules of the whole agency, told to those who get alerts: few of them may open the settings.
	if (subjectType === 'agency') return '/alerts';
	const area = AGENCY_PAGES[subjectType ?? ''];
	if (area && subjectId) return `${area}/${subjectId}`;
	const tab = AGENCY_TABS[subjectType ?? ''];
	return tab ? `/clients/${clientId}?tab=${tab}` : `/clients/${clientId}`;
}

/** Where staff read what became of all they prepared for a client. */
export const verdictHref = ({ clientId }: Pick<Told, 'clientId'>): string =>
	`/clients/${clientId}?tab=impersonations`;
