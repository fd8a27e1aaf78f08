// What the forms about a client send, and the locked row of one that every change starts from.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { isUuid, type ClientId } from '#domain/ids.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type { Tx } from '#server/db/types.ts';

const line = (max: number, what: string) =>
	z.string().trim().max(max, `Keep the ${what} under ${max} characters.`);

/** "bluebird.test" is what people type; only web addresses are kept, so that a link is never anything else. */
const website = line(200, 'website')
	.transform((text) => (text === '' || /^https?:\/\//i.test(text) ? text : `https://${text}`))
	.refine((text) => text === '' || isWebAddress(text), 'Give a web address, such as https://bluebird.com.')
	.default('');

function isWebAddress(text: string): boolean {
	const url = URL.parse(text);
	return url !== null && /^https?:$/.test(url.protocol) && url.hostname.includes('.') && url.username === '';
}

export const personName = line(120, 'name').min(1, 'Say what this person is called.');
export const emailAddress = z
	.string()
	.trim()
	.toLowerCase()
	.max(200, 'Keep the address under 200 characters.')
	.pipe(z.email('Give a whole address, such as name@company.com.'));
export const jobTitle = line(120, 'job title').default('');
export const phone = line(40, 'phone number').default('');
export const contactRights = z.array(z.enum(CONTACT_RIGHTS)).max(CONTACT_RIGHTS.length).default([]);

/** Ids out of checkboxes; what is no id names nobody. */
export const idList = (max: number) => z.array(z.string().refine(isUuid, 'Choose from the list.')).max(max);

export const clientFields = z.object({
	name: line(120, 'name').min(1, 'Give the client a name.'),
	industry: line(80, 'trade').default(''),
	website,
	phone,
	address: line(500, 'address').default(''),
	taxId: line(40, 'tax number').default(''),
	internalNote: line(5_000, 'note').default('')
});
export type ClientFields = z.infer<typeof clientFields>;

export type ClientRow = { id: ClientId; name: string; status: 'active' | 'inactive' | 'archived' };

/**
 * The client's row, locked until the change commits.
 * @throws AppError `not_found` for another agency's client too; `conflict` for one that was erased
 */
export async function lockClient(tx: Tx, actor: StaffActor, clientId: string): Promise<ClientRow> {
	const [row] = isUuid(clientId)
		? await tx.execute<
				ClientRow & { is_erased: boolean }
			>(sql`SELECT id, name, status, erased_at IS NOT NULL AS is_erased FROM client
			WHERE id = ${clientId} AND agency_id = ${actor.agencyId} FOR UPDATE`)
		: [];
	if (!row) throw new AppError('not_found', 'There is no such client.');
	const { is_erased: isErased, ...client } = row;
	if (isErased) throw new AppError('conflict', 'This client was erased, so nothing was changed.');
	return client;
}

/** An id as the log names an account by; text that is none names nothing. */
export const accountOf = (clientId: string): ClientId | null =>
	isUuid(clientId) ? (clientId as ClientId) : null;

/** @throws AppError `conflict`: an archived client is looked at, not worked on */
export function requireNotArchived(client: ClientRow): void {
	if (client.status === 'archived')
		throw new AppError('conflict', `${client.name} is archived, so nothing was changed. Restore it first.`);
}
