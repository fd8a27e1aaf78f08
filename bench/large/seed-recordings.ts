// An agency that reviews: two hundred recordings of each client, with the risk that was found in them. What else a client has is
// left out, since neither the review queue nor the list of recordings reads it.
import { STAFF, YEARS, type Scale } from './large-scale.ts';
import { peopleFills, type Fill } from './seed-tables.ts';

/** With 5 000 clients a million recordings. */
export const RECORDED_PER_CLIENT = { impersonation: 200, action: 60 } as const;

/** Each reason in so many of a thousand recordings: the usual ones first, the last in hardly any. */
const REASONS = {
	money: 120,
	refused: 90,
	hours: 60,
	share: 50,
	sensitive: 30,
	many: 15,
	exports: 8,
	incomplete: 5,
	permissions: 2,
	stopped: 1
} as const;

const reasons = Object.entries(REASONS)
	.map(
		([key, many], salt) =>
			`CASE WHEN dice(n, ${20 + salt}) < ${many / 1_000} THEN '{"key": "${key}", "count": 1},' ELSE '' END`
	)
	.join(' || ');

const startOf = (all: number) =>
	`now() - interval '${YEARS} years' + (n::float8 / ${all + 1}) * interval '${YEARS} years' - interval '2 hours'`;

/** Most take minutes, few up to an hour. */
const LENGTH = `(30 + 3570 * power(dice(n, 5), 3)) * interval '1 second'`;
const RISK = `floor(100 * power(dice(n, 9), 2))`;
/** Two in five are worth a look, and half of these have had one. */
const IS_QUEUED = `dice(n, 9) > 0.6`;
const IS_JUDGED = `(dice(n, 9) > 0.6 AND dice(n, 10) < 0.5)`;
const VERDICT = `(CASE WHEN ${IS_JUDGED} THEN pick('{fine,fine,fine,fine,fine,fine,fine,coach,coach,breach}'::text[], n, 11) END)`;
const client = (clients: number) => `uid('client', 1 + n % ${clients})`;
const contact = (clients: number) => `uid('contact', 1 + n % ${clients})`;
const member = `uid('staff', 1 + n % ${STAFF})`;
/** Nobody reviews themselves. */
const other = (salt: number) =>
	`uid('staff', 1 + (n + 1 + floor(dice(n, ${salt}) * ${STAFF - 2})::bigint) % ${STAFF})`;

/** Everything that recordings are told from, but the log. */
export function recordingFills({ clients }: Scale, staffRole: string): Fill[] {
	const rows = clients * RECORDED_PER_CLIENT.impersonation;
	const start = startOf(rows);
	return [
		...peopleFills(clients, staffRole),
		{
			table: 'impersonation',
			columns: `id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, ticket, state, code_hash,
				code_expires_at, created_at, started_at, expires_at, idle_limit_ms, return_to, ended_at, end_reason, assessed_at`,
			rows,
			select: `uid('impersonation', n), $1::uuid, ${client(clients)}, ${contact(clients)}, ${member}, uid('session', n),
				pick('{view,act}', n, 1), pick('{support,onboarding,billing,verify}', n, 2), CASE WHEN dice(n, 3) < 0.3 THEN 'SUP-' || n END,
				'ended', decode(md5('code' || n), 'hex'), ${start}, ${start}, ${start}, ${start} + interval '1 hour', 600000, '/clients',
				${start} + ${LENGTH}, 'switch_back', ${start} + interval '2 hours'`
		},
		{
			table: 'page',
			columns: `id, agency_id, impersonation_id, opened_at, address, title, snapshot_at, last_beat_at, closed_at,
				first_event_at, last_event_at, events, bytes`,
			rows,
			select: `uid('page', n), $1::uuid, uid('impersonation', n), ${start}, '/tasks', 'Tasks', ${start},
				${start} + ${LENGTH}, ${start} + ${LENGTH}, ${start}, ${start} + ${LENGTH}, 100, 20000`
		},
		{
			table: 'view',
			columns: 'id, agency_id, impersonation_id, page_id, at, kind, address, status',
			rows,
			select: `uid('view', n), $1::uuid, uid('impersonation', n), uid('page', n), ${start} + interval '9 seconds', 'page',
				'/' || pick('{tasks,files,invoices,orders}', n, 4), 200`
		},
		{
			table: 'review',
			columns: `impersonation_id, agency_id, client_id, staff_id, ended_at, risk, reasons, is_incomplete, is_queued, due_at,
				assigned_to, verdict, reviewed_by, reviewed_at, draw`,
			rows,
			select: `uid('impersonation', n), $1::uuid, ${client(clients)}, ${member}, ${start} + ${LENGTH}, ${RISK},
				('[' || rtrim(${reasons}, ',') || ']')::jsonb, dice(n, 27) < 0.005, ${IS_QUEUED}, ${start} + interval '3 days',
				CASE WHEN dice(n, 12) < 0.2 AND ${IS_QUEUED} THEN ${other(13)} END, ${VERDICT}, CASE WHEN ${IS_JUDGED} THEN ${other(14)} END,
				CASE WHEN ${IS_JUDGED} THEN ${start} + dice(n, 15) * interval '5 days' END, dice(n, 16)`
		}
	];
}
