// A new password for somebody who knows the old one. All other sessions end: a change is what people do when they fear
// that somebody else is in.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Reader, Tx } from '#server/db/types.ts';
import type { Attempts } from '#server/sign-in/attempts.ts';
import type { Side } from '#server/sign-in/auth.ts';
import { isPassword, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS } from '#server/sign-in/passwords.ts';
import {
	actionOf,
	actOnOwn,
	personId,
	refuseInside,
	sideOf,
	tableOf,
	type AccountActor
} from './own-account.ts';
import { voidLinks } from './void-links.ts';

export const newPassword = z
	.string()
	.min(MIN_PASSWORD_CHARS, `Choose a password of at least ${MIN_PASSWORD_CHARS} characters.`)
	.max(MAX_PASSWORD_CHARS, `Keep the password under ${MAX_PASSWORD_CHARS} characters.`);

export const passwordInput = z.object({
	password: z
		.string()
		.min(1, 'Type your password as it is now.')
		.max(1_000, 'That is longer than any password.'),
	newPassword
});
export type PasswordInput = z.infer<typeof passwordInput>;

export type AttemptsOf = Record<Side, Attempts>;

/**
 * Whoever sits at somebody's open screen must not take the account over.
 * @throws AppError `invalid` for a wrong password, `too_many`
 */
export async function requireOwnPassword(
	reader: Reader,
	attempts: AttemptsOf,
	actor: AccountActor,
	typed: string
): Promise<void> {
	const side = sideOf(actor);
	const key = `own-password:${personId(actor)}`;
	if (!(await attempts[side].take(key)))
		throw new AppError('too_many', 'Too many attempts. Wait a quarter of an hour and try again.');
	const [row] = await reader.execute<{ password: string | null }>(sql`
		SELECT password FROM ${tableOf(side, 'account')} WHERE user_id = ${personId(actor)} AND provider_id = 'credential'`);
	if (!(await isPassword(row?.password, typed)))
		throw new AppError('invalid', 'This is not your password. Nothing was changed.', { field: 'password' });
	await attempts[side].forget(key);
}

/** Writes the password, the first one too, and ends all links and all sessions but the one that is kept. */
export async function storePassword(
	tx: Tx,
	person: { side: Side; id: string; accountId: string },
	hash: string,
	keepSession: string | null
): Promise<void> {
	const account = tableOf(person.side, 'account');
	const changed =
		await tx.execute(sql`UPDATE ${account} SET password = ${hash}, updated_at = clock_timestamp()
		WHERE user_id = ${person.id} AND provider_id = 'credential' RETURNING id`);
	if (changed.length === 0)
		await tx.execute(sql`INSERT INTO ${account} (id, user_id, account_id, provider_id, password)
			VALUES (${person.accountId}, ${person.id}, ${person.id}, 'credential', ${hash})`);
	await voidLinks(tx, person);
	await tx.execute(sql`DELETE FROM ${tableOf(person.side, 'session')} WHERE user_id = ${person.id}
		AND (${keepSession}::uuid IS NULL OR id <> ${keepSession}::uuid)`);
}

type Dependencies = {
	db: Db;
	act: Act;
	attempts: AttemptsOf;
	newId(): string;
	hashPassword(password: string): Promise<string>;
};

/** @throws AppError `forbidden` while impersonating (logged), `invalid`, `too_many` */
export const changePassword =
	({ db, act, attempts, newId, hashPassword }: Dependencies) =>
	async (
		actor: AccountActor,
		input: PasswordInput,
		by: { sessionId: string | null; origin: Origin }
	): Promise<void> => {
		await refuseInside(act, actor, actionOf(actor, 'credentials'), by.origin);
		await requireOwnPassword(db, attempts, actor, input.password);
		const hash = await hashPassword(input.newPassword);
		await actOnOwn(act, { actor, change: 'credentials', origin: by.origin }, async (tx) => {
			const person = { side: sideOf(actor), id: personId(actor), accountId: newId() };
			await storePassword(tx, person, hash, by.sessionId);
			return { value: undefined, details: { what: 'password' } };
		});
	};
