// One mail a day to the owner of each account that was impersonated yesterday: who, as whom, when, how long, why, in
// which mode, and what was viewed and changed. A day is one of UTC: the owner's zone is not known when nobody looks.
import { sql } from 'drizzle-orm';
import type { AgencyId, ClientId } from '#domain/ids.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import { noticeWish, type NoticeSetup } from '#domain/notices.ts';
import { policySchema } from '#domain/policy.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import {
	DONE_INSIDE,
	MODES_HELD,
	modesOf,
	NOTE_TOLD,
	PAGES_SEEN,
	sentenceOf,
	STEERERS
} from '../portal/access-rows.ts';
import { putMail } from './put-mail.ts';

/** No impersonation is longer than an hour: two hours after midnight all of yesterday's are over and counted. */
const AFTER_MIDNIGHT_HOURS = 2;

type Stay = {
	staff: string;
	contact: string;
	day: string;
	from: string;
	minutes: number;
	mode: Mode;
	modes: Mode[] | null;
	reason: Reason;
	ticket: string | null;
	pages: number;
	changed: string[] | null;
	steerers: string[] | null;
	note: string | null;
};
type Owner = {
	agency_id: AgencyId;
	agency: string;
	policy: unknown;
	agency_notices: NoticeSetup;
	client_id: ClientId;
	client: string;
	email: string;
	name: string;
	notice_setup: NoticeSetup;
	day: string;
	stays: Stay[];
};

const YESTERDAY = sql`(date_trunc('day', (clock_timestamp() - make_interval(hours => ${AFTER_MIDNIGHT_HOURS})) AT TIME ZONE 'UTC') - interval '1 day')`;

const STAYS = sql`json_agg(json_build_object('staff', s.name, 'contact', k.name,
	'from', to_char(i.started_at AT TIME ZONE 'UTC', 'HH24:MI'),
	'minutes', greatest(1, round(extract(epoch FROM coalesce(i.ended_at, i.expires_at) - i.started_at) / 60))::int,
	'mode', i.mode, 'modes', ${MODES_HELD}, 'reason', i.reason, 'ticket', i.ticket,
	'pages', ${PAGES_SEEN}, 'changed', ${DONE_INSIDE}, 'steerers', ${STEERERS}, 'note', ${NOTE_TOLD}) ORDER BY i.started_at)`;

/** Owners of yesterday who have no mail of that day yet. */
const OWNERS = sql`
	SELECT g.id AS agency_id, g.name AS agency, g.policy, g.notice_setup AS agency_notices, c.id AS client_id,
		c.name AS client, o.email, o.name, o.notice_setup, to_char(${YESTERDAY}, 'YYYY-MM-DD') AS day, ${STAYS} AS stays
	FROM impersonation i JOIN agency g ON g.id = i.agency_id JOIN client c ON c.id = i.client_id
	JOIN contact o ON o.client_id = c.id AND o.is_owner AND o.active
	JOIN staff s ON s.id = i.staff_id JOIN contact k ON k.id = i.contact_id
	WHERE i.started_at >= ${YESTERDAY} AT TIME ZONE 'UTC'
		AND i.started_at < (${YESTERDAY} + interval '1 day') AT TIME ZONE 'UTC'
		AND NOT EXISTS (SELECT FROM mail m WHERE m.about = 'daily:' || c.id || ':' || to_char(${YESTERDAY}, 'YYYY-MM-DD'))
	GROUP BY g.id, c.id, o.id`;

const COULD: Record<Mode, string> = { view: 'only look', act: 'change things' };
/** Above this many, the sequence says less than that there was one. */
const MAX_NAMED = 3;

/** "could only look, then change things" */
function couldOf(stay: Stay): string {
	const modes = modesOf(stay);
	if (modes.length > MAX_NAMED) return `could only look or change things, switched ${modes.length - 1} times`;
	return `could ${modes.map((mode) => COULD[mode]).join(', then ')}`;
}

function lineOf(stay: Stay): string {
	const { staff, pages, changed, steerers, reason, ticket } = stay;
	const sentence = sentenceOf({ staff, ended: true, pages, changed, steerers, reason, ticket });
	const minutes = `${stay.minutes} minute${stay.minutes === 1 ? '' : 's'}`;
	const said = stay.note ? ` ${staff} wrote: “${stay.note.replaceAll(/\s+/g, ' ')}”` : '';
	return `${stay.from} UTC, ${minutes}, as ${stay.contact}, and ${couldOf(stay)}: ${sentence}${said}`;
}

const bodyOf = ({ name, client, agency, day, stays }: Owner): string =>
	[
		`Hello ${name},`,
		`on ${day} somebody of ${agency} was in the portal of ${client} ${stays.length === 1 ? 'once' : `${stays.length} times`}.`,
		...stays.map(lineOf),
		'Access history shows each page and each change, and there you decide who may come in.'
	].join('\n\n');

type Dependencies = { db: Db; ids: Ids; portalOrigin: string };

/** May run as often as it likes: once for each client and day. @returns how many mails were made */
export const mailOwners =
	({ db, ids, portalOrigin }: Dependencies) =>
	async (): Promise<number> => {
		let made = 0;
		for (const owner of await db.execute<Owner>(OWNERS)) {
			const policy = policySchema.parse(owner.policy);
			const wish = noticeWish('access', owner.notice_setup, owner.agency_notices);
			if (!policy.mailOwnerDaily || !wish.mail) continue;
			const isNew = await db.transaction((tx) =>
				putMail(tx, {
					id: ids.uuid(),
					agencyId: owner.agency_id,
					clientId: owner.client_id,
					about: `daily:${owner.client_id}:${owner.day}`,
					recipient: owner.email,
					subject: `${owner.agency} was in your portal on ${owner.day}`,
					body: bodyOf(owner),
					link: { href: `${portalOrigin}/access-history`, label: 'Open Access history' }
				})
			);
			if (isNew) made += 1;
		}
		return made;
	};
