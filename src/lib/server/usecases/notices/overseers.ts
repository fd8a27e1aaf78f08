// Whom an alert is told to: everybody who watches over impersonations, but for the one it is about and who else was inside.
import { sql } from 'drizzle-orm';
import { ALERT_PERMISSIONS } from '#domain/agency-areas.ts';
import { alertSentence, ALERT_RULES, isAlertRule } from '#domain/alert-words.ts';
import { noticeWish, type NoticeSetup } from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { Tx } from '#server/db/types.ts';
import type { Colleague } from './colleagues.ts';
import type { Told } from './read-told.ts';

type Row = {
	id: string;
	email: string;
	notice_setup: NoticeSetup;
	role: string[];
	granted: string[];
	withdrawn: string[];
};

export async function overseersOf(tx: Tx, told: Told): Promise<Colleague[]> {
	const rows = await tx.execute<Row>(sql`
		SELECT s.id, s.email, s.notice_setup, r.permissions AS role, s.granted, s.withdrawn
		FROM staff s JOIN role r ON r.id = s.role_id WHERE s.agency_id = ${told.agencyId} AND s.active`);
	const insiders = await insidersOf(tx, told.impersonationId);
	return rows
		.filter(({ id }) => id !== told.details['about'] && !insiders.has(id))
		.filter(({ role, granted, withdrawn }) => {
			const held = effectivePermissions(role, granted, withdrawn);
			return ALERT_PERMISSIONS.some((permission) => held.has(permission));
		})
		.map(({ id, email, notice_setup: own }) => ({
			id,
			email,
			wish: noticeWish('alerts', own, told.agencyNotices)
		}));
}

/** "Many clients: Maya Lindgren, 8 clients within an hour" */
export function alertTitle({ details }: Pick<Told, 'details'>): string {
	const { rule, subject, count } = details;
	if (!isAlertRule(rule)) return 'Alert';
	const label = typeof subject === 'string' ? subject : ALERT_RULES[rule].label;
	return `${label}, ${alertSentence(rule, Number(count) || 0)}`;
}

/** One mail an hour about the same rule and person, and as much, to the same reader: what comes more often is read in the list. */
export const alertMailAbout = (told: Told, to: string): string =>
	`alert:${told.agencyId}:${String(told.details['rule'])}:${String(told.details['about'])}:${Number(told.details['again']) || 0}:${told.hour}:${to}`;
