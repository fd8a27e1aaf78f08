// Every table but the log, made by PostgreSQL itself from a series of numbers. Ids are the MD5 of kind and number, so that
// rows of different tables name each other without being read, and a second run makes the same.
import { ROWS_PER_CLIENT, SERVICES, STAFF, YEARS, type Scale } from './large-scale.ts';
import { FIRST, THING, TRADE, VERB } from './seed-words.ts';

export type Fill = { table: string; columns: string; rows: number; select: string };

export const peopleFills = (clients: number, staffRole: string): Fill[] => [
	{
		table: 'staff',
		columns: 'id, agency_id, role_id, name, email',
		rows: STAFF,
		select: `uid('staff', n), $1::uuid, '${staffRole}'::uuid, 'Colleague ' || n, 'colleague' || n || '@large.test'`
	},
	{
		table: 'client',
		columns: 'id, agency_id, name, status, industry, created_at',
		rows: clients,
		select: `uid('client', n), $1::uuid, pick(${FIRST}, n, 1) || ' ' || pick(${TRADE}, n, 2) || ' ' || n,
			CASE WHEN dice(n, 3) < 0.9 THEN 'active' WHEN dice(n, 3) < 0.96 THEN 'inactive' ELSE 'archived' END,
			pick(${TRADE}, n, 2), moment(n, 4)`
	},
	{
		table: 'client_assignment',
		columns: 'client_id, staff_id',
		rows: clients * 2,
		select: `uid('client', (n + 1) / 2), uid('staff', 1 + (n * 7) % ${STAFF})`
	},
	{
		table: 'contact',
		columns: 'id, agency_id, client_id, name, email, is_owner, rights, last_sign_in_at',
		rows: clients * ROWS_PER_CLIENT.contact,
		select: `uid('contact', n), $1::uuid, uid('client', 1 + (n - 1) % ${clients}), pick(${FIRST}, n, 5) || ' Person ' || n,
			'person' || n || '@large.test', n <= ${clients}, '{tasks,files,orders,billing}', moment(n, 6)`
	}
];

const workFills = (clients: number): Fill[] => [
	{
		table: 'task',
		columns: `id, agency_id, client_id, title, description, status, waiting_on, due_on, client_visible,
			made_by_contact_id, assignee_staff_id, created_at, updated_at`,
		rows: clients * ROWS_PER_CLIENT.task,
		select: `uid('task', n), $1::uuid, uid('client', 1 + n % ${clients}), pick(${VERB}, n, 1) || ' the ' || pick(${THING}, n, 2) || ' ' || n,
			repeat('What is to be done, in a few words. ', 3), CASE WHEN dice(n, 3) < 0.15 THEN 'open' ELSE 'done' END,
			CASE WHEN dice(n, 4) < 0.3 THEN 'client' ELSE 'agency' END, (moment(n, 5) + interval '30 days')::date, dice(n, 6) < 0.9,
			CASE WHEN dice(n, 7) < 0.5 THEN uid('contact', 1 + n % ${clients}) END,
			CASE WHEN dice(n, 8) < 0.7 THEN uid('staff', 1 + n % ${STAFF}) END, moment(n, 5), moment(n, 5)`
	},
	{
		table: 'task_comment',
		columns: 'id, agency_id, client_id, task_id, body, made_by_contact_id, created_at',
		rows: clients * ROWS_PER_CLIENT.taskComment,
		select: `uid('comment', n), $1::uuid, uid('client', 1 + n % ${clients}), uid('task', n), 'Thank you, that is what I meant.',
			uid('contact', 1 + n % ${clients}), moment(n, 1)`
	},
	{
		table: 'folder',
		columns: 'id, agency_id, client_id, parent_id, name, created_at',
		rows: clients * ROWS_PER_CLIENT.folder,
		select: `uid('folder', n), $1::uuid, uid('client', 1 + n % ${clients}), NULL, 'Folder ' || n, moment(n, 1)`
	},
	{
		table: 'file',
		columns:
			'id, agency_id, client_id, folder_id, name, media_type, bytes, sha256, blob_key, created_at, deleted_at',
		rows: clients * ROWS_PER_CLIENT.file,
		select: `uid('file', n), $1::uuid, uid('client', 1 + n % ${clients}),
			CASE WHEN dice(n, 1) < 0.5 THEN uid('folder', 1 + (n - 1) % ${clients}) END,
			pick(${THING}, n, 2) || '-' || n || '.pdf', 'application/pdf', (dice(n, 3) * 5000000)::bigint, md5(n::text) || md5('x' || n),
			'large/' || n, moment(n, 4), CASE WHEN dice(n, 5) < 0.1 THEN now() - dice(n, 6) * interval '20 days' END`
	}
];

const moneyFills = (clients: number): Fill[] => [
	{
		table: 'service',
		columns: 'id, agency_id, name, category, summary, status, position',
		rows: SERVICES,
		select: `uid('service', n), $1::uuid, 'Service ' || n, pick(${TRADE}, n, 1), 'In a sentence.', 'published', n::int`
	},
	{
		table: 'service_package',
		columns: 'id, agency_id, service_id, name, price_minor, currency, billing, position',
		rows: SERVICES * 3,
		select: `uid('package', n), $1::uuid, uid('service', 1 + (n - 1) / 3), 'Package ' || n, 10000 * (1 + n % 3), 'EUR', 'month', n::int`
	},
	{
		table: 'client_order',
		columns: `id, agency_id, client_id, number, service_id, package_id, service_name, package_name, status, currency,
			subtotal_minor, tax_minor, total_minor, made_by_contact_id, created_at, updated_at`,
		rows: clients * ROWS_PER_CLIENT.order,
		select: `uid('order', n), $1::uuid, uid('client', 1 + n % ${clients}), 'ORD-L' || n, uid('service', 1 + n % ${SERVICES}),
			uid('package', 1 + n % ${SERVICES * 3}), 'Service', 'Package',
			pick('{pending,in_progress,delivered,completed,completed,completed,completed,cancelled}', n, 1),
			'EUR', 10000, 1900, 11900, uid('contact', 1 + n % ${clients}), moment(n, 2), moment(n, 2)`
	},
	{
		table: 'client_order_step',
		columns: 'id, agency_id, client_id, order_id, status, created_at',
		rows: clients * ROWS_PER_CLIENT.order,
		select: `uid('step', n), $1::uuid, uid('client', 1 + n % ${clients}), uid('order', n), 'pending', moment(n, 2)`
	},
	{
		table: 'subscription',
		columns: `id, agency_id, client_id, service_id, package_id, name, price_minor, currency, billing, status, anchor_on,
			next_renewal_on, created_at`,
		rows: clients * ROWS_PER_CLIENT.subscription,
		select: `uid('subscription', n), $1::uuid, uid('client', 1 + n % ${clients}), uid('service', 1 + n % ${SERVICES}),
			uid('package', 1 + n % ${SERVICES * 3}), 'Care plan ' || n, 20000, 'EUR', 'month',
			pick('{active,active,active,paused,cancelled}', n, 1), moment(n, 2)::date, now()::date + 10 + (n % 20)::int, moment(n, 2)`
	},
	{
		table: 'invoice',
		columns: `id, agency_id, client_id, number, status, issued_on, due_on, paid_on, currency, tax_rate_bp, subtotal_minor,
			tax_minor, total_minor, paid_minor, sent_at`,
		rows: clients * ROWS_PER_CLIENT.invoice,
		select: `uid('invoice', n), $1::uuid, uid('client', 1 + n % ${clients}),
			CASE WHEN dice(n, 1) NOT BETWEEN 0.08 AND 0.1 THEN 'INV-L' || n END,
			CASE WHEN dice(n, 1) < 0.08 THEN 'open' WHEN dice(n, 1) < 0.1 THEN 'draft' WHEN dice(n, 1) < 0.12 THEN 'void' ELSE 'paid' END,
			moment(n, 2)::date, moment(n, 2)::date + 14, CASE WHEN dice(n, 1) >= 0.12 THEN moment(n, 2)::date + 7 END, 'EUR', 1900,
			10000, 1900, 11900, CASE WHEN dice(n, 1) >= 0.12 THEN 11900 ELSE 0 END, moment(n, 2)`
	},
	{
		table: 'invoice_line',
		columns: 'id, invoice_id, position, description, quantity, unit_minor, amount_minor',
		rows: clients * ROWS_PER_CLIENT.invoice,
		select: `uid('line', n), uid('invoice', n), 1, 'Work of the month', 1, 10000, 10000`
	}
];

const talkFills = (clients: number): Fill[] => [
	{
		table: 'thread',
		columns: 'id, agency_id, client_id, subject, made_by_contact_id, created_at, last_message_at',
		rows: clients * ROWS_PER_CLIENT.thread,
		select: `uid('thread', n), $1::uuid, uid('client', 1 + n % ${clients}), 'About the ' || pick(${THING}, n, 1) || ' ' || n,
			uid('contact', 1 + n % ${clients}), moment(n, 2) - interval '9 days', moment(n, 2)`
	},
	{
		table: 'message',
		columns: 'id, agency_id, client_id, thread_id, body, made_by_contact_id, created_at',
		rows: clients * ROWS_PER_CLIENT.message,
		select: `uid('message', n), $1::uuid, uid('client', 1 + (1 + (n - 1) % ${clients * ROWS_PER_CLIENT.thread}) % ${clients}),
			uid('thread', 1 + (n - 1) % ${clients * ROWS_PER_CLIENT.thread}), 'Could you have a look at this until Friday?',
			CASE WHEN n % 2 = 0 THEN uid('contact', 1 + (1 + (n - 1) % ${clients * ROWS_PER_CLIENT.thread}) % ${clients}) END,
			moment(1 + (n - 1) % ${clients * ROWS_PER_CLIENT.thread}, 2) - dice(n, 4) * interval '8 days'`
	},
	{
		table: 'notice',
		columns: 'id, agency_id, contact_id, seq, category, title, href, created_at, read_at',
		rows: clients * ROWS_PER_CLIENT.notice,
		select: `uid('notice', n), $1::uuid, uid('contact', 1 + n % ${clients}), n, 'tasks', 'A task was completed', '/tasks',
			moment(n, 1), CASE WHEN dice(n, 2) < 0.9 THEN now() END`
	},
	{
		table: 'announcement',
		columns: 'id, agency_id, client_id, title, body, visible_from, visible_until, made_by_staff_id',
		rows: clients * ROWS_PER_CLIENT.announcement,
		select: `uid('announcement', n), $1::uuid, CASE WHEN n % 10 > 0 THEN uid('client', 1 + n % ${clients}) END,
			pick(${VERB}, n, 1) || ' the ' || pick(${THING}, n, 2), 'In a sentence.', moment(n, 3),
			moment(n, 3) + interval '30 days', uid('staff', 1 + n % ${STAFF})`
	},
	{
		table: 'mail',
		columns:
			'id, agency_id, client_id, about, recipient, subject, body, created_at, attempts, sent_at, failed_at, failure',
		rows: clients * ROWS_PER_CLIENT.mail,
		select: `uid('mail', n), $1::uuid, uid('client', 1 + n % ${clients}), 'large ' || n, 'person' || n || '@large.test',
			pick(${VERB}, n, 1) || ' the ' || pick(${THING}, n, 2), 'In a sentence.', moment(n, 3), 1 + n::int % 5,
			CASE WHEN n % 20 > 0 THEN moment(n, 3) END, CASE WHEN n % 20 = 0 THEN moment(n, 3) END,
			CASE WHEN n % 20 = 0 THEN 'No such mailbox.' END`
	}
];

/** Each started for ten minutes; what was looked at in it lies within. */
const insideFills = (clients: number): Fill[] => {
	const all = clients * ROWS_PER_CLIENT.impersonation;
	const start = (of: string) =>
		`now() - interval '${YEARS} years' + (${of}::float8 / ${all + 1}) * interval '${YEARS} years' - interval '1 hour'`;
	const visit = `(1 + (n - 1) % ${all})`;
	const viewed = `(1 + n % ${all})`;
	return [
		{
			table: 'impersonation',
			columns: `id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, state, code_hash,
				code_expires_at, created_at, started_at, expires_at, idle_limit_ms, return_to, ended_at, end_reason`,
			rows: all,
			select: `uid('impersonation', n), $1::uuid, uid('client', 1 + n % ${clients}), uid('contact', 1 + n % ${clients}), uid('staff', 1 + n % ${STAFF}), uid('session', n),
				pick('{view,act}', n, 1), pick('{support,onboarding,billing,verify}', n, 2), 'ended', decode(md5('code' || n), 'hex'),
				${start('n')}, ${start('n')}, ${start('n')}, ${start('n')} + interval '30 minutes', 600000, '/clients',
				${start('n')} + interval '10 minutes', 'switch_back'`
		},
		{
			table: 'draft',
			columns: `id, agency_id, client_id, contact_id, action, input, label, prepared_by, impersonation_id, state, decided_at,
				created_at, expires_at`,
			rows: clients * ROWS_PER_CLIENT.draft,
			select: `uid('draft', n), $1::uuid, uid('client', 1 + n % ${clients}), uid('contact', 1 + n % ${clients}), 'task.deleted',
				'{}', pick(${VERB}, n, 1) || ' the ' || pick(${THING}, n, 2), uid('staff', 1 + n % ${STAFF}),
				uid('impersonation', 1 + n % ${all}), pick('{open,approved,declined,withdrawn}'::text[], n, 3), moment(n, 4),
				moment(n, 4), now() + interval '7 days'`
		},
		{
			table: 'impersonation_pulse',
			columns: 'impersonation_id',
			rows: all,
			select: `uid('impersonation', n)`
		},
		{
			table: 'page',
			columns: `id, agency_id, impersonation_id, opened_at, address, title, snapshot_at, last_beat_at, closed_at,
				first_event_at, last_event_at, events, bytes`,
			rows: clients * ROWS_PER_CLIENT.page,
			select: `uid('page', n), $1::uuid, uid('impersonation', ${visit}), ${start(visit)}, '/tasks', 'Tasks', ${start(visit)},
				${start(visit)} + interval '3 minutes', ${start(visit)} + interval '3 minutes', ${start(visit)},
				${start(visit)} + interval '3 minutes', 100, 20000`
		},
		{
			table: 'view',
			columns: 'id, agency_id, impersonation_id, page_id, at, kind, address, status',
			rows: clients * ROWS_PER_CLIENT.view,
			select: `uid('view', n), $1::uuid, uid('impersonation', ${viewed}), uid('page', 1 + n % ${clients * ROWS_PER_CLIENT.page}),
				${start(viewed)} + dice(n, 1) * interval '9 minutes', 'page', '/' || pick('{tasks,files,invoices,orders}', n, 2), 200`
		}
	];
};

/** In an order in which no row names one that is not there yet. `staffRole` is the colleagues' role. */
export const fills = ({ clients }: Scale, staffRole: string): Fill[] => [
	...peopleFills(clients, staffRole),
	...workFills(clients),
	...moneyFills(clients),
	...talkFills(clients),
	...insideFills(clients)
];

/** The statement that fills a table of this agency, whose id is written `$1::uuid` above. */
export const insertOf = ({ table, columns, rows, select }: Fill, agencyId: string): string => {
	const values = select
		.replace(/\b(uid|dice|moment|pick)\(/g, 'pg_temp.$1(')
		.replaceAll('$1::uuid', `'${agencyId}'::uuid`);
	return `INSERT INTO ${table} (${columns}) SELECT ${values} FROM generate_series(1, ${rows}::bigint) AS n`;
};
