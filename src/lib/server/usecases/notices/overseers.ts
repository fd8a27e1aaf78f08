// Whom an alert is told to: everybody who watches over impersonations, but for the one it is about and who else was inside; and a change of
// the rules it follows, but for whoever changed them.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { ALERT_PERMISSIONS } from '#domain/agency-areas.ts';
import { alertSentence, ALERT_RULES, isAlertRule } from '#domain/alert-words.ts';
import { noticeWish, type NoticeSetup } from '#domain/notices.ts';
import { effectivePermissions } from '#domain/permissions.ts';
import { insidersOf } from '#server/db/insiders.ts';
import type { Tx } from '#server/db/types.ts';
import type { Colleague } from './colleagues.ts';
import { whoOf } from './notice-words.ts';
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
		.filter(({ id }) => id !== told.details['about'] && id !== told.staffId && !insiders.has(id))
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

const ruleChange = z.object({ setting: z.string(), before: z.string(), after: z.string() });

/** "Ana Reyes, Northwind Studio changed the alert rules: Many downloads on → off" */
function changeTitle(told: Told): string {
	const changes = z.array(ruleChange).safeParse(told.details['changes']);
	const said = (changes.data ?? []).map(({ setting, before, after }) => `${setting} ${before} → ${after}`);
	const which = told.action === 'review.rules_changed' ? 'review rules' : 'alert rules';
	return `${whoOf(told)} changed the ${which}${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}

/** "Many clients: Maya Lindgren, 8 clients within an hour" */
export function alertTitle(told: Told): string {
	if (told.action !== 'alert.raised') return changeTitle(told);
	const { rule, subject, count, late } = told.details;
	if (!isAlertRule(rule)) return 'Alert';
	const label = typeof subject === 'string' ? subject : ALERT_RULES[rule].label;
	return `${label}, ${alertSentence(rule, Number(count) || 0)}${late === true ? ' (found late)' : ''}`;
}

/**
 * One mail an hour about the same rule and person, and as much, to the same reader: what comes more often is read in the list. Of the rules
 * each change is mailed: one that is taken back within the hour is the one to hear of.
 */
export function alertMailAbout({ action, seq, agencyId, details, hour }: Told, to: string): string {
	if (action !== 'alert.raised') return `notice:${seq}:${to}`;
	const late = details['late'] === true ? 'late' : '';
	return `alert:${agencyId}:${String(details['rule'])}:${String(details['about'])}:${Number(details['again']) || 0}${late}:${hour}:${to}`;
}
