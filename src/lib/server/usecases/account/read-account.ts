// What a person sees of their own account. Staff who impersonate see the same page as the client does.
import { sql } from 'drizzle-orm';
import { mayOpen } from '#domain/agency-areas.ts';
import { AppError } from '#domain/errors.ts';
import {
	NOTICE_CATEGORIES,
	NOTICE_ELEMENTS,
	noticeWish,
	type NoticeCategory,
	type NoticeSetup,
	type NoticeWish
} from '#domain/notices.ts';
import { may, type PortalView } from '#domain/visibility.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import { epochMs, requireArea } from '../portal/scope.ts';
import { deviceName } from './device-name.ts';
import { personId, sideOf, tableOf, type AccountActor } from './own-account.ts';

export type Profile = {
	name: string;
	email: string;
	phone: string;
	/** Contacts only. */
	jobTitle: string;
	twoFactor: boolean;
	/** The address that waits for its confirmation. */
	pendingEmail: string | null;
};
export type Session = {
	id: string;
	device: string;
	address: string | null;
	startedAt: number;
	usedAt: number;
	current: boolean;
};
export type NoticeChoice = { category: NoticeCategory; label: string; wish: NoticeWish };

type Row = Omit<Profile, 'pendingEmail' | 'jobTitle'> & { jobTitle?: string; pending: string | null };

/** @throws AppError `not_found` when the account is not active */
export const readProfile =
	({ db }: { db: Db }) =>
	async (actor: AccountActor): Promise<Profile> => {
		const side = sideOf(actor);
		if (actor.kind !== 'staff') await requireArea(db, actor, 'account');
		const more =
			side === 'portal'
				? sql`coalesce(p.job_title, '') AS "jobTitle", coalesce(p.phone, '') AS phone,`
				: sql`'' AS phone,`;
		const [row] = await db.execute<Row>(sql`
			SELECT p.name, p.email, ${more} p.two_factor_enabled AS "twoFactor",
				(SELECT v.value FROM ${tableOf(side, 'verification')} v WHERE v.identifier = 'email-change:' || p.id
					AND v.expires_at > now()) AS pending
			FROM ${tableOf(side)} p WHERE p.id = ${personId(actor)} AND p.agency_id = ${actor.agencyId} AND p.active`);
		if (!row) throw new AppError('not_found', 'There is no such page.');
		const { pending, ...profile } = row;
		const waiting = pending ? (JSON.parse(pending) as { email: string }).email : null;
		return { ...profile, jobTitle: profile.jobTitle ?? '', pendingEmail: waiting };
	};

/** @param currentId the session that asks; null while impersonating: then the one that was used last stands as current */
export const listSessions =
	({ db }: { db: Db }) =>
	async (actor: AccountActor, currentId: string | null): Promise<Session[]> => {
		const rows = await db.execute<{
			id: string;
			agent: string | null;
			ip: string | null;
			started: string;
			used: string;
		}>(sql`
			SELECT s.id, s.user_agent AS agent, s.ip_address AS ip, ${epochMs('s.created_at')} AS started,
				${epochMs('s.updated_at')} AS used
			FROM ${tableOf(sideOf(actor), 'session')} s
			WHERE s.user_id = ${personId(actor)} AND s.expires_at > now() ORDER BY s.updated_at DESC, s.id LIMIT 50`);
		const current = currentId ?? rows[0]?.id;
		return rows
			.map(({ id, agent, ip, started, used }) => ({
				id,
				device: deviceName(agent),
				address: ip || null,
				startedAt: Number(started),
				usedAt: Number(used),
				current: id === current
			}))
			.toSorted((a, b) => Number(b.current) - Number(a.current));
	};

/** Only what they may see at all: nothing is told of the rest. */
export const readNoticeChoices =
	({ db }: { db: Db }) =>
	async (actor: AccountActor, view?: PortalView): Promise<NoticeChoice[]> => {
		const [row] = await db.execute<{ own: NoticeSetup; agency: NoticeSetup }>(sql`
			SELECT p.notice_setup AS own, a.notice_setup AS agency FROM ${tableOf(sideOf(actor))} p
			JOIN agency a ON a.id = p.agency_id WHERE p.id = ${personId(actor)} AND a.id = ${actor.agencyId}`);
		const isOverseer =
			actor.kind === 'staff' && mayOpen('alerts', (await readStaff(db, actor))?.permissions ?? new Set());
		return (Object.keys(NOTICE_CATEGORIES) as NoticeCategory[])
			.filter((category) => category !== 'alerts' || isOverseer)
			.filter((category) => !view || NOTICE_ELEMENTS[category].some((element) => may(element, view, 'see')))
			.map((category) => ({
				category,
				label: NOTICE_CATEGORIES[category],
				wish: noticeWish(category, row?.own, row?.agency)
			}));
	};
