// Another address to sign in with. Both the old and the new one confirm it: whoever holds only one of the two mailboxes,
// or only an open screen, cannot take the account.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ClientActor, Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { Side } from '#server/sign-in/auth.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import { emailAddress } from '../clients/client-fields.ts';
import { putMail } from '../notices/put-mail.ts';
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
import { voidLinks } from './void-links.ts';

export const emailInput = z.object({
	email: emailAddress,
	password: z.string().min(1, 'Type your password.').max(1_000, 'That is longer than any password.')
});
export type EmailInput = z.infer<typeof emailInput>;

const LIFE_HOURS = 24;

/** As the verification row keeps it: which of the two mailboxes has answered. */
type Waiting = { email: string; old: string; fresh: string; confirmed: ('old' | 'fresh')[] };

const hashOf = (token: string): string => hashSecret(token).toString('hex');

type Parts = { db: Db; act: Act; ids: Ids; attempts: AttemptsOf; origins: Record<Side, string> };
type Person = { name: string; email: string; agency: string };

async function mailBoth(
	tx: Tx,
	{ ids, origins }: Parts,
	actor: AccountActor,
	to: { person: Person; email: string; isFree: boolean; tokens: { old: string; fresh: string } }
): Promise<void> {
	const side = sideOf(actor);
	const { person, email, tokens } = to;
	const clientId = actor.kind === 'staff' ? null : actor.clientId;
	const mail = async (which: 'old' | 'fresh', recipient: string) => {
		const id = ids.uuid();
		await putMail(tx, {
			id,
			agencyId: actor.agencyId,
			clientId,
			about: `email-change:${id}`,
			recipient,
			subject: `Confirm the new address for ${person.agency}`,
			body: `Hello ${person.name},\n\nyou asked to sign in with ${email} instead of ${person.email}. The change happens once both addresses have confirmed it, within ${LIFE_HOURS} hours.\n\nIf it was not you, do not confirm, and change your password.`,
			link: { href: `${origins[side]}/confirm-email/${tokens[which]}`, label: 'Confirm the change' }
		});
	};
	await mail('old', person.email);
	// An address that is somebody's gets no mail, and the page says the same: who has an account is nobody's business.
	if (to.isFree) await mail('fresh', email);
}

/**
 * @throws AppError `forbidden` while impersonating (logged), `invalid` for a wrong password or the same address,
 * `too_many`
 */
export const requestEmailChange =
	(parts: Parts) =>
	async (actor: AccountActor, input: EmailInput, origin: Origin): Promise<void> => {
		const { db, act, ids, attempts } = parts;
		await refuseInside(act, actor, actionOf(actor, 'credentials'), origin);
		await requireOwnPassword(db, attempts, actor, input.password);
		await actOnOwn(act, { actor, change: 'credentials', origin }, async (tx) => {
			const side = sideOf(actor);
			const [person] = await tx.execute<Person>(sql`SELECT p.name, p.email, a.name AS agency
				FROM ${tableOf(side)} p JOIN agency a ON a.id = p.agency_id WHERE p.id = ${personId(actor)}`);
			if (!person || person.email === input.email)
				throw new AppError('invalid', 'This is your address already.', { field: 'email' });
			const taken = await tx.execute(sql`SELECT FROM ${tableOf(side)} WHERE email = ${input.email}`);
			const tokens = { old: ids.secret(), fresh: ids.secret() };
			const waiting: Waiting = {
				email: input.email,
				old: hashOf(tokens.old),
				fresh: hashOf(tokens.fresh),
				confirmed: []
			};
			const table = tableOf(side, 'verification');
			const identifier = `email-change:${personId(actor)}`;
			await tx.execute(sql`DELETE FROM ${table} WHERE identifier = ${identifier}`);
			await tx.execute(sql`INSERT INTO ${table} (id, identifier, value, expires_at) VALUES (${ids.uuid()}, ${identifier},
				${JSON.stringify(waiting)}, clock_timestamp() + make_interval(hours => ${LIFE_HOURS}))`);
			await mailBoth(tx, parts, actor, { person, email: input.email, isFree: taken.length === 0, tokens });
			return { value: undefined, details: { what: 'new address asked for' } };
		});
	};

type Found = {
	id: string;
	value: string;
	person_id: string;
	name: string;
	agency_id: AgencyId;
	client_id: ClientId | null;
};

async function findWaiting(db: Db, side: Side, token: string): Promise<Found | null> {
	const client = side === 'agency' ? sql`NULL::uuid` : sql`p.client_id`;
	const hash = hashOf(token);
	// Only rows of this kind are JSON: without the CASE the database might parse the others first and fail.
	const waiting = sql`(CASE WHEN v.identifier LIKE 'email-change:%' THEN v.value::jsonb END)`;
	const [row] = await db.execute<Found>(sql`
		SELECT v.id, v.value, p.id AS person_id, p.name, p.agency_id, ${client} AS client_id
		FROM ${tableOf(side, 'verification')} v JOIN ${tableOf(side)} p ON v.identifier = 'email-change:' || p.id
		WHERE v.identifier LIKE 'email-change:%' AND v.expires_at > clock_timestamp() AND p.active
			AND ${hash} IN (${waiting} ->> 'old', ${waiting} ->> 'fresh')`);
	return row ?? null;
}

const GONE = 'This link was used, has run out or is not the whole link. Ask for the change again.';

/** What a link would confirm, or null. */
export const readEmailChange =
	({ db }: { db: Db }) =>
	async (side: Side, token: string): Promise<{ email: string } | null> => {
		const found = await findWaiting(db, side, token);
		return found && { email: (JSON.parse(found.value) as Waiting).email };
	};

function actorOf(side: Side, found: Found): ClientActor | StaffActor {
	const { agency_id: agencyId, client_id: clientId, person_id: id } = found;
	// The link stands for a session, for this one change.
	if (side === 'agency') return { kind: 'staff', agencyId, staffId: id as StaffId, sessionId: found.id };
	return { kind: 'client', agencyId, clientId: clientId as ClientId, contactId: id as ContactId };
}

async function confirm(tx: Tx, side: Side, found: Found, token: string): Promise<'waits' | 'changed'> {
	const table = tableOf(side, 'verification');
	const [row] = await tx.execute<{ value: string }>(
		sql`SELECT value FROM ${table} WHERE id = ${found.id} FOR UPDATE`
	);
	if (!row) throw new AppError('not_found', GONE);
	const waiting = JSON.parse(row.value) as Waiting;
	const hash = hashOf(token);
	const which = (['old', 'fresh'] as const).find((mailbox) => waiting[mailbox] === hash);
	if (!which) throw new AppError('not_found', GONE);
	const confirmed = [...new Set([...waiting.confirmed, which] as const)];
	if (confirmed.length < 2) {
		const value = JSON.stringify({ ...waiting, confirmed });
		await tx.execute(sql`UPDATE ${table} SET value = ${value} WHERE id = ${found.id}`);
		return 'waits';
	}
	await tx.execute(sql`DELETE FROM ${table} WHERE id = ${found.id}`);
	const changed = await tx.execute(sql`UPDATE ${tableOf(side)} SET email = ${waiting.email},
		updated_at = clock_timestamp() WHERE id = ${found.person_id}
		AND NOT EXISTS (SELECT FROM ${tableOf(side)} WHERE email = ${waiting.email}) RETURNING id`);
	if (changed.length === 0)
		throw new AppError('conflict', 'This address cannot be used. Ask for the change again with another one.');
	// What was mailed to the old address must not open the account of the new one.
	await voidLinks(tx, { side, id: found.person_id });
	return 'changed';
}

/** One of the two mailboxes says yes; the second yes changes the address. @throws AppError `not_found`, `conflict` */
export const confirmEmailChange =
	({ db, act }: Pick<Parts, 'db' | 'act'>) =>
	async (side: Side, token: string, origin: Origin): Promise<'waits' | 'changed'> => {
		const found = await findWaiting(db, side, token);
		if (!found) throw new AppError('not_found', GONE);
		const subject = { type: side === 'agency' ? 'staff' : 'contact', id: found.person_id, label: found.name };
		const action = side === 'agency' ? 'staff.credentials_changed' : 'credentials.changed';
		return act(actorOf(side, found), { action, subject, origin }, async (tx) => {
			const value = await confirm(tx, side, found, token);
			return { value, details: { what: value === 'changed' ? 'address' : 'new address confirmed once' } };
		});
	};
