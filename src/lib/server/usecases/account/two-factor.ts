// Two-factor on and off for a person's own account. The library works inside the change's own transaction.
import { sql } from 'drizzle-orm';
import { encode } from 'uqr';
import { z } from 'zod';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Auth, Side } from '#server/sign-in/auth.ts';
import type { SignedInCaller } from '#server/sign-in/two-factor.ts';
import {
	confirmTwoFactor,
	disableTwoFactor,
	prepareTwoFactor,
	renewBackupCodes
} from '#server/sign-in/two-factor.ts';
import { requireOwnPassword, type AttemptsOf } from './change-password.ts';
import {
	actionOf,
	actOnOwn,
	personId,
	refuseInside,
	sideOf,
	tableOf,
	type AccountActor
} from './own-account.ts';

export const ownPasswordInput = z.object({
	password: z.string().min(1, 'Type your password.').max(1_000, 'That is longer than any password.')
});
export const codeInput = z.object({
	code: z
		.string()
		.transform((text) => text.replaceAll(/\s/g, ''))
		.pipe(z.string().regex(/^\d{6}$/, 'Type the six digits that your app shows.'))
});

/** Shown once, in the answer to the form, and kept nowhere. */
export type Setup = {
	/** A QR code: its width in modules and the dark ones as a path of SVG. */
	qr: { size: number; path: string };
	/** The same, to type. */
	secret: string;
};

type Dependencies = {
	db: Db;
	act: Act;
	attempts: AttemptsOf;
	/** The library over this connection or transaction. */
	authOn(side: Side, db: Db): Auth;
};
export type By = { caller: SignedInCaller; origin: Origin };

const within = (tx: Tx): Db => tx as unknown as Db;

/** One square for each dark module; drawn by the page itself, so that no markup crosses over. */
function drawQr(text: string): Setup['qr'] {
	const { data, size } = encode(text, { border: 2 });
	const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
	return { size, path: squares.join('') };
}

/** @throws AppError `forbidden` while impersonating (logged), `invalid` for a wrong password, `too_many` */
export const startTwoFactor =
	({ db, act, attempts, authOn }: Dependencies) =>
	async (actor: AccountActor, password: string, by: By): Promise<Setup> => {
		await refuseInside(act, actor, actionOf(actor, 'twoFactorOn'), by.origin);
		await requireOwnPassword(db, attempts, actor, password);
		const { totpUri } = await prepareTwoFactor(authOn(sideOf(actor), db), by.caller, password);
		const secret = new URL(totpUri).searchParams.get('secret') ?? '';
		// In groups of four, as people read such things aloud.
		return { qr: drawQr(totpUri), secret: secret.match(/.{1,4}/g)?.join(' ') ?? '' };
	};

/** Attack: an open screen and one code would show the backup codes again, without the password. */
async function requireOff(tx: Tx, actor: AccountActor): Promise<void> {
	const on = await tx.execute(sql`SELECT FROM ${tableOf(sideOf(actor))}
		WHERE id = ${personId(actor)} AND two_factor_enabled`);
	if (on.length > 0) throw new AppError('conflict', 'Two-factor is on already.');
}

/**
 * @returns cookies of the session that takes the old one's place, and the backup codes, to be shown once
 * @throws AppError `conflict` when it is on already
 */
export const finishTwoFactor =
	({ act, attempts, authOn }: Dependencies) =>
	async (
		actor: AccountActor,
		code: string,
		by: By
	): Promise<{ cookies: string[]; backupCodes: string[] }> => {
		await refuseInside(act, actor, actionOf(actor, 'twoFactorOn'), by.origin);
		const side = sideOf(actor);
		// Outside of the change: a wrong code undoes the change, and the count must stay.
		if (!(await attempts[side].take(`totp:${personId(actor)}`)))
			throw new AppError('too_many', 'Too many attempts. Wait a quarter of an hour and try again.');
		const made = await actOnOwn(act, { actor, change: 'twoFactorOn', origin: by.origin }, async (tx) => {
			await requireOff(tx, actor);
			const typed = { code, userId: personId(actor) };
			return { value: await confirmTwoFactor(authOn(side, within(tx)), by.caller, typed) };
		});
		await attempts[side].forget(`totp:${personId(actor)}`);
		return made;
	};

/** @returns cookies of the session that takes the old one's place */
export const stopTwoFactor =
	({ db, act, attempts, authOn }: Dependencies) =>
	async (actor: AccountActor, password: string, by: By): Promise<string[]> => {
		await refuseInside(act, actor, actionOf(actor, 'twoFactorOff'), by.origin);
		await requireOwnPassword(db, attempts, actor, password);
		return actOnOwn(act, { actor, change: 'twoFactorOff', origin: by.origin }, async (tx) => ({
			value: await disableTwoFactor(authOn(sideOf(actor), within(tx)), by.caller, password)
		}));
	};

/** @returns ten new codes; the old ones stop working */
export const newBackupCodes =
	({ db, act, attempts, authOn }: Dependencies) =>
	async (actor: AccountActor, password: string, by: By): Promise<string[]> => {
		await refuseInside(act, actor, actionOf(actor, 'credentials'), by.origin);
		await requireOwnPassword(db, attempts, actor, password);
		return actOnOwn(act, { actor, change: 'credentials', origin: by.origin }, async (tx) => ({
			value: await renewBackupCodes(authOn(sideOf(actor), within(tx)), by.caller, password),
			details: { what: 'backup codes' }
		}));
	};
