// The first Super Admin of an empty installation, made through a one-time link. The link, the agency and the person
// come about in one transaction: a link that failed is still good, one that worked is good no more.
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';

/** What the set-up form sends. */
export const firstAdminInput = z.object({
	token: z.string().min(1).max(200),
	agencyName: z
		.string()
		.trim()
		.min(1, 'Give your agency a name.')
		.max(120, 'Keep the name under 120 characters.'),
	name: z.string().trim().min(1, 'Say what you are called.').max(120, 'Keep the name under 120 characters.'),
	email: z
		.string()
		.trim()
		.toLowerCase()
		.max(200)
		.pipe(z.email('Give a whole address, such as you@agency.com.')),
	password: z
		.string()
		.min(12, 'Choose a password of at least 12 characters.')
		.max(200, 'Keep the password under 200 characters.')
});
export type FirstAdminInput = z.infer<typeof firstAdminInput>;

/** Only the hash is stored: whoever reads the database cannot use the link. */
const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Whether a link may be used now; the form asks before it is shown. */
export const readSetupLink =
	({ db }: { db: Db }) =>
	async (token: string): Promise<boolean> => {
		const rows = await db.execute(
			sql`SELECT FROM setup_link WHERE token_hash = ${hashToken(token)} AND used_at IS NULL`
		);
		return rows.length === 1;
	};

async function useLink(tx: Tx, token: string): Promise<void> {
	// One statement decides: of two people who open the link at once, one finds it unused.
	const used = await tx.execute(sql`UPDATE setup_link SET used_at = clock_timestamp()
		WHERE token_hash = ${hashToken(token)} AND used_at IS NULL RETURNING created_at`);
	if (used.length === 0)
		throw new AppError(
			'not_found',
			'This set-up link was used or is not known. Ask your operator for a new one.'
		);
	// An old link must not make a second owner later; one lock keeps two different links from racing past this check.
	await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtext('switchback.first-admin'))`);
	const existing = await tx.execute(sql`SELECT FROM agency LIMIT 1`);
	if (existing.length > 0)
		throw new AppError('conflict', 'This installation is set up already. Sign in instead.');
}

type Person = { agencyId: AgencyId; roleId: string; staffId: StaffId; password: string };

async function insertPerson(tx: Tx, ids: Ids, input: FirstAdminInput, person: Person): Promise<void> {
	const { agencyId, roleId, staffId, password } = person;
	await tx.execute(sql`INSERT INTO staff (id, agency_id, role_id, name, email)
		VALUES (${staffId}, ${agencyId}, ${roleId}, ${input.name}, ${input.email})`);
	await tx.execute(sql`INSERT INTO staff_account (id, user_id, account_id, provider_id, password)
		VALUES (${ids.uuid()}, ${staffId}, ${staffId}, 'credential', ${password})`);
}

async function insertRoles(tx: Tx, ids: Ids, agencyId: AgencyId): Promise<string> {
	let superAdmin = '';
	for (const [key, { name, permissions }] of Object.entries(BUILT_IN_ROLES)) {
		const roleId = ids.uuid();
		if (key === 'super_admin') superAdmin = roleId;
		await tx.execute(sql`INSERT INTO role (id, agency_id, key, name, permissions, built_in) VALUES (${roleId},
			${agencyId}, ${key}, ${name}, ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(permissions)}::jsonb)), true)`);
	}
	return superAdmin;
}

type Dependencies = { db: Db; ids: Ids; hashPassword(password: string): Promise<string> };

/** @throws AppError `not_found` for a used or unknown link, `conflict` when an agency exists already */
export const createFirstAdmin =
	({ db, ids, hashPassword }: Dependencies) =>
	async (input: FirstAdminInput): Promise<void> => {
		const password = await hashPassword(input.password);
		await db.transaction(async (tx) => {
			await useLink(tx, input.token);
			const agencyId = ids.uuid() as AgencyId;
			await tx.execute(sql`INSERT INTO agency (id, name) VALUES (${agencyId}, ${input.agencyName})`);
			const roleId = await insertRoles(tx, ids, agencyId);
			await insertPerson(tx, ids, input, { agencyId, roleId, staffId: ids.uuid() as StaffId, password });
		});
	};
