// What a person does with their own account, on either side: whose rows it is about, and under which action it stands.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import type { Origin, PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act, Done } from '#server/db/act.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Tx } from '#server/db/types.ts';
import type { Side } from '#server/sign-in/auth.ts';

export type AccountActor = PortalActor | StaffActor;

/** Each kind of change under its two names: forbidden to whoever impersonates, but the profile. */
const ACTIONS_OF = {
	profile: { portal: 'profile.edited', agency: 'staff.profile_edited' },
	notices: { portal: 'notifications.changed', agency: 'staff.preferences_changed' },
	credentials: { portal: 'credentials.changed', agency: 'staff.credentials_changed' },
	twoFactorOn: { portal: 'two_factor.enabled', agency: 'staff.two_factor_enabled' },
	twoFactorOff: { portal: 'two_factor.disabled', agency: 'staff.two_factor_disabled' },
	session: { portal: 'session.ended', agency: 'staff.session_ended' }
} as const satisfies Record<string, Record<Side, ActionName>>;
export type OwnChange = keyof typeof ACTIONS_OF;

export const sideOf = (actor: AccountActor): Side => (actor.kind === 'staff' ? 'agency' : 'portal');
export const personId = (actor: AccountActor): string =>
	actor.kind === 'staff' ? actor.staffId : actor.contactId;

/** `staff`, or `staff_<name>`; `contact` alike. */
export const tableOf = (side: Side, name?: 'account' | 'session' | 'verification') =>
	sql.identifier([side === 'agency' ? 'staff' : 'contact', name].filter(Boolean).join('_'));

export const actionOf = (actor: AccountActor, change: OwnChange): ActionName =>
	ACTIONS_OF[change][sideOf(actor)];

/**
 * Refuses at the gate, logged, whoever impersonates; does nothing for everybody else. Asked before anything is looked at:
 * a password that is only compared would already tell whether it was right.
 * @throws AppError `forbidden`
 */
export async function refuseInside(
	act: Act,
	actor: AccountActor,
	action: ActionName,
	origin: Origin
): Promise<void> {
	if (actor.kind !== 'impersonation') return;
	await act(actor, { action, origin }, () => {
		throw new Error('A forbidden action passed the gate.');
	});
}

/** The change, through the gate. Staff need no permission for their own account, but must still be one. */
export const actOnOwn = <T>(
	act: Act,
	on: { actor: AccountActor; change: OwnChange; origin: Origin },
	work: (tx: Tx) => Promise<Omit<Done<T>, 'subject'>>
): Promise<T> => {
	const { actor, change, origin } = on;
	const subject = { type: actor.kind === 'staff' ? 'staff' : 'contact', id: personId(actor) };
	return act(actor, { action: actionOf(actor, change), subject, origin }, async (tx) => {
		if (actor.kind === 'staff' && !(await readStaff(tx, actor)))
			throw new AppError('not_signed_in', 'You are signed out. Sign in again.');
		const [person] = await tx.execute<{ name: string }>(
			sql`SELECT name FROM ${tableOf(sideOf(actor))} WHERE id = ${personId(actor)} FOR UPDATE`
		);
		const done = await work(tx);
		return { ...done, subject: { ...subject, label: person?.name ?? '' } };
	});
};
