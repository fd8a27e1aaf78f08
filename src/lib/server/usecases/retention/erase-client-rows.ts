// Everything a client has and everything that names it, in the order in which rows depend on each other. What the log, impersonations and
// views need to stay true keeps its row without a word in it. A table that is new must find its place here: a test asks each one.
import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '#server/db/types.ts';

/** Tables whose rows of the client go whole. Files before what they hang on, drafts before what they were made of. */
const GONE = [
	'draft',
	'consent_grant',
	'announcement',
	'removed_record',
	'payment',
	'file',
	'message',
	'thread',
	'task_comment',
	'task',
	'invoice',
	'subscription',
	'client_order_step',
	'client_order',
	'service_client',
	'client_assignment',
	'receipt',
	'client_personal_key'
] as const;

/** Tables with rows of clients that are not in the list above, and what becomes of them. */
export const OTHERWISE = {
	client: 'kept without words',
	contact: 'kept without words',
	impersonation: 'kept without words',
	client_hold: 'none: who is held is not erased',
	review: 'kept without words',
	alert: 'kept without words',
	client_visit: 'kept: when somebody was inside last',
	client_rank: 'kept: as client_visit, the name goes with the client’s',
	action: 'kept: the chain',
	action_details: 'goes, with what its impersonations were told of',
	seen_text: 'goes with each recording',
	page_fault: 'goes with each recording',
	masked_stretch: 'goes with each recording',
	asset: 'goes with the last recording that shows it',
	upload: 'emptied; the job of uploads removes its bytes',
	folder: 'goes, from the leaves on',
	mail: 'emptied; the job of erasing removes what was kept of it'
} as const;

export const ERASED_TABLES: readonly string[] = [...GONE, ...Object.keys(OTHERWISE)];

/** A shorter name is part of many words. */
const MIN_NAME = 3;

const CONTACTS = (clientId: string) => sql`(SELECT id FROM contact WHERE client_id = ${clientId})`;
const STAYS = (clientId: string) => sql`(SELECT id FROM impersonation WHERE client_id = ${clientId})`;

/**
 * What told somebody of it. Attack: a contact is invited under the address of somebody else, even of another agency; by that
 * address alone their mail would go.
 */
const told = (id: string): SQL[] => [
	sql`DELETE FROM notice n USING action a WHERE a.seq = n.seq
		AND (a.client_id = ${id} OR a.impersonation_id IN ${STAYS(id)})`,
	sql`DELETE FROM notice WHERE contact_id IN ${CONTACTS(id)}`,
	sql`UPDATE mail SET subject = '', body = '', recipient = '', link = NULL, link_label = NULL, failure = NULL,
			sent_at = COALESCE(sent_at, now()), about = 'erased ' || id, client_id = ${id}
		WHERE client_id = ${id}`,
	sql`DELETE FROM action_details d USING action a WHERE a.seq = d.seq
		AND (a.client_id = ${id} OR a.impersonation_id IN ${STAYS(id)})`,
	sql`UPDATE view SET subject_label = NULL, address = split_part(split_part(address, '?', 1), '#', 1)
		WHERE impersonation_id IN ${STAYS(id)}`,
	sql`UPDATE page SET title = '', address = split_part(split_part(address, '?', 1), '#', 1)
		WHERE impersonation_id IN ${STAYS(id)}`
];

/** Bytes of files are listed as named by no row; that list is swept, whatever breaks off. */
const bytes = (id: string): SQL[] => [
	sql`INSERT INTO unnamed_object (blob_key, due_at) SELECT blob_key, now() FROM file
		WHERE client_id = ${id} AND purged_at IS NULL ON CONFLICT (blob_key) DO NOTHING`,
	sql`UPDATE upload SET name = '', folder_id = NULL, file_id = NULL, expires_at = now() WHERE client_id = ${id}`
];

/**
 * How its people came in. Attack: these tables are shared by all agencies, and the address of a contact may be the end of
 * somebody else's; so addresses are compared whole.
 */
const signIns = (id: string): SQL[] => [
	sql`DELETE FROM contact_verification v USING contact k WHERE k.client_id = ${id}
		AND (v.value = k.id::text OR position(k.id::text IN v.identifier) > 0
			OR position('"' || k.id || '"' IN v.value) > 0 OR position('"' || k.email || '"' IN v.value) > 0)`,
	sql`DELETE FROM contact_rate_limit r USING contact k WHERE k.client_id = ${id}
		AND r.key IN ('account:' || k.email, 'forgot:' || k.email, 'totp:' || k.id)`,
	sql`DELETE FROM invitation WHERE contact_id IN ${CONTACTS(id)}`,
	...['contact_session', 'contact_account', 'contact_two_factor'].map(
		(table) => sql`DELETE FROM ${sql.identifier(table)} WHERE user_id IN ${CONTACTS(id)}`
	),
	sql`DELETE FROM thread_read WHERE person_id IN ${CONTACTS(id)}`
];

/** Views that somebody keeps: those of this client alone, and those called like it. */
const views = (id: string): SQL[] => [
	sql`DELETE FROM saved_view v USING client c WHERE c.id = ${id} AND v.agency_id = c.agency_id
		AND (position(c.id::text IN v.query) > 0
			OR (length(c.name) >= ${MIN_NAME} AND position(lower(c.name) IN lower(v.name)) > 0))`
];

const emptied = (id: string): SQL[] => [
	sql`UPDATE folder SET parent_id = NULL, deleted_with = NULL, deleted_at = COALESCE(deleted_at, now()) WHERE client_id = ${id}`,
	sql`DELETE FROM folder WHERE client_id = ${id}`,
	sql`UPDATE impersonation SET details = '', ticket = NULL, freeze_note = NULL, hand_note = NULL, return_to = '/', enter_at = '/'
		WHERE client_id = ${id}`,
	sql`UPDATE review SET note = '' WHERE client_id = ${id}`,
	sql`UPDATE alert SET note = '' WHERE client_id = ${id}`,
	sql`UPDATE erasure_item SET note = '' WHERE note IS NOT NULL AND impersonation_id IN ${STAYS(id)}`,
	sql`UPDATE contact SET name = 'Erased contact', email = 'erased-' || id || '@erased.invalid', image = NULL, job_title = NULL,
		phone = NULL, notice_setup = '{}', rights = '{}', active = false, two_factor_enabled = false WHERE client_id = ${id}`,
	sql`UPDATE client SET name = 'Erased client', industry = NULL, website = NULL, phone = NULL, address = '', tax_id = '',
		internal_note = '', portal_setup = '{}', erased_at = clock_timestamp() WHERE id = ${id}`
];

/** Of an archived client nobody is inside of. */
export async function eraseRows(tx: Tx, clientId: string): Promise<void> {
	const gone = GONE.map((table) => sql`DELETE FROM ${sql.identifier(table)} WHERE client_id = ${clientId}`);
	const all = [
		...told(clientId),
		...bytes(clientId),
		...signIns(clientId),
		...views(clientId),
		...gone,
		...emptied(clientId)
	];
	for (const statement of all) await tx.execute(statement);
}
