// What people are told by default, here and in the portals; what somebody chose for themselves stands over it.
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import {
	NOTICE_DEFAULTS,
	SETTABLE_CATEGORIES,
	type NoticeSetup,
	type NoticeWish,
	type SettableCategory
} from '#domain/notices.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import { requireReader } from '../agency/require-reader.ts';
import { ifDifferent, Unchanged } from './if-different.ts';

export const noticeDefaultsInput = z.record(
	z.enum(SETTABLE_CATEGORIES),
	z.object({ inApp: z.boolean(), mail: z.boolean() }).strict()
);
export type NoticeDefaults = Record<SettableCategory, NoticeWish>;

/** What holds for people who chose nothing: what the agency set, over what we ship. */
const defaultsOf = (setup: NoticeSetup | undefined): NoticeDefaults =>
	Object.fromEntries(
		SETTABLE_CATEGORIES.map((key) => [key, { ...NOTICE_DEFAULTS[key], ...setup?.[key] }])
	) as NoticeDefaults;

/** @throws AppError `not_allowed` without `settings.manage` */
export const readNoticeDefaults =
	({ db }: { db: Db }) =>
	async (actor: StaffActor): Promise<NoticeDefaults> => {
		await requireReader(db, actor, 'settings.manage');
		const [row] = await db.execute<{ setup: NoticeSetup }>(
			sql`SELECT notice_setup AS setup FROM agency WHERE id = ${actor.agencyId}`
		);
		return defaultsOf(row?.setup);
	};

/** @returns whether anything was different. @throws AppError the gate's refusals (logged) */
export const saveNoticeDefaults =
	({ act }: { act: Act }) =>
	async (actor: StaffActor, input: NoticeDefaults, origin: Origin): Promise<boolean> => {
		const subject = { type: 'agency', id: actor.agencyId, label: 'Notifications' };
		return ifDifferent(act)(actor, { action: 'agency.edited', subject, origin }, async (tx) => {
			const [row] = await tx.execute<{ setup: NoticeSetup }>(
				sql`SELECT notice_setup AS setup FROM agency WHERE id = ${actor.agencyId} FOR UPDATE`
			);
			if (isDeepStrictEqual(defaultsOf(row?.setup), { ...input })) throw new Unchanged(false);
			await tx.execute(sql`UPDATE agency SET notice_setup = ${JSON.stringify(input)}::text::jsonb
				WHERE id = ${actor.agencyId}`);
			return { value: true, details: { before: row?.setup ?? {}, after: input } };
		});
	};
