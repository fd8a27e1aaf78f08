// A forgotten password: a link by mail, one hour, once. The page says the same whether an account has the address or
// not, and takes as long.
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ClientActor, Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Allowance } from '#server/sign-in/attempts.ts';
import type { Side } from '#server/sign-in/auth.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import { emailAddress } from '../clients/client-fields.ts';
import { putMail } from '../notices/put-mail.ts';
import { newPassword, storePassword, type AttemptsOf } from './change-password.ts';
import { tableOf } from './own-account.ts';

export const forgotInput = z.object({ email: emailAddress });
export const resetInput = z.object({ password: newPassword });

const LIFE_MINUTES = 60;
/** Longer than looking somebody up and writing a mail takes, so that the time says nothing. */
const ANSWER_AFTER_MS = 300;

type Person = {
	id: string;
	agency_id: AgencyId;
	client_id: ClientId | null;
	name: string;
	email: string;
	agency: string;
};

/** Only who could sign in afterwards. */
const activePerson = (side: Side) =>
	side === 'agency'
		? sql`SELECT p.id, p.agency_id, NULL::uuid AS client_id, p.name, p.email, a.name AS agency
			FROM staff p JOIN agency a ON a.id = p.agency_id WHERE p.active`
		: sql`SELECT p.id, p.agency_id, p.client_id, p.name, p.email, a.name AS agency
			FROM contact p JOIN agency a ON a.id = p.agency_id JOIN client c ON c.id = p.client_id
			WHERE p.active AND c.status = 'active'`;

const identifierOf = (token: string): string => `reset:${hashSecret(token).toString('hex')}`;

type ForgotParts = { db: Db; ids: Ids; attempts: AttemptsOf; origins: Record<Side, string> };

async function mailLink({ db, ids, origins }: ForgotParts, side: Side, email: string): Promise<void> {
	await db.transaction(async (tx) => {
		// Held: a link to an address that is being replaced is made before that, and dies with it, or not at all.
		const [person] = await tx.execute<Person>(
			sql`${activePerson(side)} AND p.email = ${email} FOR SHARE OF p`
		);
		if (!person) return;
		const token = ids.secret();
		const table = tableOf(side, 'verification');
		// Of several links only the newest works.
		await tx.execute(sql`DELETE FROM ${table} WHERE identifier LIKE 'reset:%' AND value = ${person.id}`);
		await tx.execute(sql`INSERT INTO ${table} (id, identifier, value, expires_at) VALUES (${ids.uuid()},
			${identifierOf(token)}, ${person.id}, clock_timestamp() + make_interval(mins => ${LIFE_MINUTES}))`);
		const mailId = ids.uuid();
		await putMail(tx, {
			id: mailId,
			agencyId: person.agency_id,
			clientId: person.client_id,
			about: `reset:${mailId}`,
			recipient: person.email,
			subject: `Choose a new password for ${person.agency}`,
			body: `Hello ${person.name},\n\nsomebody asked for a new password for ${person.email}. The link works once, for an hour.\n\nIf it was not you, do nothing: your password stays as it is.`,
			link: { href: `${origins[side]}/forgot/${token}`, label: 'Choose a new password' }
		});
	});
}

/** Mails for one account: who lost a mail asks again, and nobody fills somebody's mailbox. */
const MAILS: Allowance = { max: 3, windowS: 3_600 };
/** Requests from one place, for whatever accounts: enough for an office behind one router. */
const REQUESTS: Allowance = { max: 30, windowS: 3_600 };

/**
 * Answers alike for known and unknown addresses, and for those that have had their mails of this hour.
 * @throws AppError `too_many` from one place, whomever it asks about
 */
export const forgotPassword =
	(parts: ForgotParts) =>
	async (side: Side, { email, from }: { email: string; from: string }): Promise<void> => {
		const attempts = parts.attempts[side];
		if (!(await attempts.take(`forgot-from:${from}`, REQUESTS)))
			throw new AppError('too_many', 'Too many requests from your network. Wait an hour and try again.');
		// Counted for unknown addresses too: the time must not tell them apart.
		const mail = async () => {
			if (await attempts.take(`forgot:${email}`, MAILS)) await mailLink(parts, side, email);
		};
		await Promise.all([mail(), delay(ANSWER_AFTER_MS)]);
	};

const GONE = 'This link was used, has run out or is not the whole link. Ask for a new one.';

async function findPerson(db: Db, side: Side, token: string): Promise<Person | null> {
	const [person] = await db.execute<Person>(sql`${activePerson(side)} AND p.id::text = (
		SELECT v.value FROM ${tableOf(side, 'verification')} v
		WHERE v.identifier = ${identifierOf(token)} AND v.expires_at > clock_timestamp())`);
	return person ?? null;
}

/** Whether a link may be used now; the form asks before it is shown. */
export const isResetOpen =
	({ db }: { db: Db }) =>
	async (side: Side, token: string): Promise<boolean> =>
		(await findPerson(db, side, token)) !== null;

function actorOf(side: Side, person: Person): ClientActor | StaffActor {
	const { agency_id: agencyId, client_id: clientId, id } = person;
	// The link stands for a session, for this one change.
	if (side === 'agency') return { kind: 'staff', agencyId, staffId: id as StaffId, sessionId: id };
	return { kind: 'client', agencyId, clientId: clientId as ClientId, contactId: id as ContactId };
}

type ResetParts = { db: Db; act: Act; newId(): string; hashPassword(password: string): Promise<string> };

/**
 * All sessions end; two-factor stays on.
 * @throws AppError `not_found` for a link that does not work (any more)
 */
export const resetPassword =
	({ db, act, newId, hashPassword }: ResetParts) =>
	async (
		side: Side,
		{ token, password }: { token: string; password: string },
		origin: Origin
	): Promise<void> => {
		const person = await findPerson(db, side, token);
		if (!person) throw new AppError('not_found', GONE);
		const hash = await hashPassword(password);
		const subject = { type: side === 'agency' ? 'staff' : 'contact', id: person.id, label: person.name };
		const action = side === 'agency' ? 'staff.credentials_changed' : 'credentials.changed';
		await act(actorOf(side, person), { action, subject, origin }, async (tx) => {
			// One statement decides: of two people who hold the link, one finds it.
			const used = await tx.execute(sql`DELETE FROM ${tableOf(side, 'verification')}
				WHERE identifier = ${identifierOf(token)} AND expires_at > clock_timestamp() RETURNING id`);
			if (used.length === 0) throw new AppError('not_found', GONE);
			await storePassword(tx, { side, id: person.id, accountId: newId() }, hash, null);
			return { value: undefined, details: { what: 'password, by a link' } };
		});
	};
