// What an action was about: its words, and the staff page where it stands.
import type { Permission } from '#domain/permissions.ts';
import type { LogRow } from './log-row.ts';

type Row = Pick<LogRow, 'subject' | 'client'>;
type Where = (id: string, clientId: string | null) => string | null;

const tab =
	(name: string): Where =>
	(_id, clientId) =>
		clientId && `/clients/${clientId}?tab=${name}`;

const PLACES: Record<string, Where> = {
	client: (id) => `/clients/${id}`,
	contact: tab('contacts'),
	task: (id) => `/tasks/${id}`,
	file: tab('files'),
	folder: tab('files'),
	order: (id) => `/orders/${id}`,
	invoice: (id) => `/invoices/${id}`,
	subscription: (id) => `/subscriptions/${id}`,
	service: (id) => `/services/${id}`,
	thread: (id) => `/messages/${id}`,
	staff: (id) => `/team/${id}`,
	role: (id) => `/team/roles/${id}`,
	announcement: () => '/settings/announcements',
	impersonation: (id) => `/actions?impersonation=${id}`,
	erasure: (id) => `/recordings/erase?run=${id}`,
	draft: tab('impersonations')
};

/** What those pages ask of their reader, beside seeing clients. */
const NEEDS: Record<string, Permission> = {
	task: 'tasks.manage',
	order: 'orders.manage',
	service: 'services.manage',
	thread: 'messages.manage',
	staff: 'team.read',
	role: 'team.read',
	announcement: 'settings.manage',
	impersonation: 'actions.read',
	erasure: 'erase'
};

/** Null where there is no page, the reader may not open it, or the row names no record. */
export function subjectHref(
	{ subject, client }: Row,
	{ permissions }: { permissions: readonly Permission[] }
): string | null {
	if (!subject?.id) return null;
	const needed = NEEDS[subject.type];
	if (needed && !permissions.includes(needed)) return null;
	return PLACES[subject.type]?.(subject.id, client?.id ?? null) ?? null;
}

/** A record's own name, else what kind of record it is. */
export const subjectText = ({ subject }: Row): string =>
	subject === null ? '–' : (subject.label ?? subject.type.replaceAll('_', ' '));
