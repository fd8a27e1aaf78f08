// A person's own name and how to reach them, and what they want to be told of.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { NOTICE_CATEGORIES, type NoticeCategory, type NoticeWish } from '#domain/notices.ts';
import type { Act } from '#server/db/act.ts';
import { jobTitle, personName, phone } from '../clients/client-fields.ts';
import {
	actOnOwn,
	personId,
	refuseInside,
	sideOf,
	tableOf,
	actionOf,
	type AccountActor
} from './own-account.ts';

export const profileInput = z.object({ name: personName, jobTitle, phone });
export type ProfileInput = z.infer<typeof profileInput>;

/** @throws AppError the gate's refusals (logged) */
export const editProfile =
	({ act }: { act: Act }) =>
	(actor: AccountActor, input: ProfileInput, origin: Origin): Promise<void> =>
		actOnOwn(act, { actor, change: 'profile', origin }, async (tx) => {
			// Staff have a name alone: colleagues and clients reach them through the agency.
			const more =
				sideOf(actor) === 'portal'
					? sql`, job_title = ${input.jobTitle || null}, phone = ${input.phone || null}`
					: sql``;
			await tx.execute(sql`UPDATE ${tableOf(sideOf(actor))} SET name = ${input.name}${more},
				updated_at = clock_timestamp() WHERE id = ${personId(actor)} AND agency_id = ${actor.agencyId}`);
			return { value: undefined, details: input };
		});

/** Each category as a form sends it: in the portal and by mail, in the portal alone, or not at all. */
export const NOTICE_WAYS = {
	both: { inApp: true, mail: true },
	inApp: { inApp: true, mail: false },
	mail: { inApp: false, mail: true },
	off: { inApp: false, mail: false }
} as const satisfies Record<string, NoticeWish>;
export type NoticeWay = keyof typeof NOTICE_WAYS;

export const wayOf = ({ inApp, mail }: NoticeWish): NoticeWay =>
	inApp ? (mail ? 'both' : 'inApp') : mail ? 'mail' : 'off';

const way = z.enum(['both', 'inApp', 'mail', 'off'], 'Choose one of the list.').optional();
const categories = Object.keys(NOTICE_CATEGORIES) as NoticeCategory[];
export const noticesInput = z.object(
	Object.fromEntries(categories.map((category) => [category, way])) as Record<NoticeCategory, typeof way>
);
export type NoticesInput = z.infer<typeof noticesInput>;

/** @throws AppError `forbidden` while impersonating (logged) */
export const changeNotices =
	({ act }: { act: Act }) =>
	async (actor: AccountActor, input: NoticesInput, origin: Origin): Promise<void> => {
		await refuseInside(act, actor, actionOf(actor, 'notices'), origin);
		await actOnOwn(act, { actor, change: 'notices', origin }, async (tx) => {
			const given = categories.flatMap((category) => {
				const chosen = input[category];
				return chosen ? [[category, NOTICE_WAYS[chosen]] as const] : [];
			});
			const setup = JSON.stringify(Object.fromEntries(given));
			// Laid over: a category the form did not show keeps what was chosen before.
			await tx.execute(sql`UPDATE ${tableOf(sideOf(actor))} SET notice_setup = notice_setup || ${setup}::text::jsonb
				WHERE id = ${personId(actor)} AND agency_id = ${actor.agencyId}`);
			return { value: undefined, details: { notices: Object.fromEntries(given) } };
		});
	};
