// One client as Client Details needs it: who they are, who looks after them, who is inside, and whom this staff member
// may impersonate, decided by the same rule that the start itself asks.
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import { mayAct, mayImpersonate, policySchema, tellingOf, type Telling } from '#domain/policy.ts';
import type { StaffStanding } from '#server/db/standing.ts';
import type { Db } from '#server/db/types.ts';
import type { ClientStatus } from '../clients/client-list.ts';
import { ms, requireClient } from './require-reader.ts';

/** `refusal` is the sentence that says why this contact cannot be impersonated now, or null. */
type ContactRow = {
	id: ContactId;
	name: string;
	email: string;
	jobTitle: string | null;
	phone: string | null;
	isOwner: boolean;
	rights: string[];
	active: boolean;
	/** Invited, and no password chosen yet. */
	pending: boolean;
	lastSignInAt: number | null;
	refusal: string | null;
};
type InsideNow = {
	impersonationId: ImpersonationId;
	staffId: string;
	staff: string;
	contact: string;
	mode: Mode;
	since: number;
};
export type ClientDetails = {
	id: ClientId;
	name: string;
	status: ClientStatus;
	optedOut: boolean;
	/** The client asks for a grant of its own, and whether one runs now. */
	requiresGrant: boolean;
	hasGrant: boolean;
	industry: string | null;
	website: string | null;
	phone: string | null;
	address: string;
	taxId: string;
	/** For colleagues only. */
	internalNote: string;
	archivedAt: number | null;
	createdAt: number;
	assignees: { id: string; name: string }[];
	contacts: ContactRow[];
	inside: InsideNow[];
	counts: { tasks: number; openTasks: number; files: number; invoices: number; impersonations: number };
	/** Null for those without the permission: then there is no button at all. */
	impersonate: {
		refusal: string | null;
		mayAct: boolean;
		preselect: Mode;
		tells: Telling;
		asks: { reason: boolean; ticket: boolean };
	} | null;
};

type Row = Omit<ClientDetails, 'impersonate' | 'contacts'> & {
	policy: unknown;
	contacts: Omit<ContactRow, 'refusal'>[];
};

const readRow = (db: Db, actor: StaffActor, clientId: string) =>
	db.execute<Row>(sql`
		SELECT c.id, c.name, c.status, c.opted_out AS "optedOut", c.requires_grant AS "requiresGrant",
			EXISTS (SELECT FROM consent_grant o WHERE o.client_id = c.id AND o.withdrawn_at IS NULL
				AND o.until > clock_timestamp()) AS "hasGrant", c.industry, c.website, c.phone, c.address,
			c.tax_id AS "taxId", c.internal_note AS "internalNote", ${ms('c.archived_at')} AS "archivedAt", a.policy,
			${ms('c.created_at')} AS "createdAt",
			COALESCE((SELECT json_agg(json_build_object('id', s.id, 'name', s.name) ORDER BY s.name)
				FROM client_assignment x JOIN staff s ON s.id = x.staff_id WHERE x.client_id = c.id), '[]') AS assignees,
			COALESCE((SELECT json_agg(json_build_object('id', k.id, 'name', k.name, 'email', k.email, 'jobTitle', k.job_title,
				'phone', k.phone, 'pending', NOT EXISTS (SELECT FROM contact_account y WHERE y.user_id = k.id),
				'isOwner', k.is_owner, 'rights', k.rights, 'active', k.active, 'lastSignInAt', ${ms('k.last_sign_in_at')})
				ORDER BY k.is_owner DESC, k.active DESC, k.name, k.id) FROM contact k WHERE k.client_id = c.id), '[]') AS contacts,
			COALESCE((SELECT json_agg(json_build_object('impersonationId', i.id, 'staffId', s.id, 'staff', s.name,
				'contact', k.name, 'mode', i.mode, 'since', ${ms('i.started_at')}) ORDER BY i.started_at)
				FROM impersonation i JOIN staff s ON s.id = i.staff_id JOIN contact k ON k.id = i.contact_id
				WHERE i.client_id = c.id AND i.state = 'active' AND i.expires_at > clock_timestamp()), '[]') AS inside,
			json_build_object(
				'tasks', (SELECT count(*) FROM task t WHERE t.client_id = c.id AND t.deleted_at IS NULL),
				'openTasks', (SELECT count(*) FROM task t WHERE t.client_id = c.id AND t.status = 'open'
					AND t.deleted_at IS NULL),
				'files', (SELECT count(*) FROM file f WHERE f.client_id = c.id AND f.deleted_at IS NULL AND f.task_id IS NULL),
				'invoices', (SELECT count(*) FROM invoice v WHERE v.client_id = c.id),
				'impersonations', (SELECT count(*) FROM impersonation i WHERE i.client_id = c.id AND i.started_at IS NOT NULL)
			) AS counts
		FROM client c JOIN agency a ON a.id = c.agency_id
		WHERE c.id = ${clientId} AND c.agency_id = ${actor.agencyId}`);

/** Why each contact, and the client as a whole, cannot be impersonated by this person now. */
function decide(row: Row, actor: StaffActor, { permissions }: StaffStanding) {
	const policy = policySchema.parse(row.policy);
	const ask = (contact: { active: boolean; name: string } | null): string | null => {
		const decision = mayImpersonate({
			permissions,
			policy,
			mode: 'view',
			isAssigned: row.assignees.some((person) => person.id === actor.staffId),
			client: row,
			contact
		});
		return decision.allowed ? null : decision.sentence;
	};
	const contacts = row.contacts.map((contact) => ({ ...contact, refusal: ask(contact) }));
	if (!permissions.has('impersonate')) return { contacts, impersonate: null };
	const act = mayAct(policy, permissions);
	const refusal = contacts.some((contact) => contact.refusal === null)
		? null
		: (contacts[0]?.refusal ?? ask(null));
	const preselect: Mode = act && policy.preselectAct ? 'act' : 'view';
	const asks = { reason: policy.reasonRequired, ticket: policy.ticketRequired };
	return { contacts, impersonate: { refusal, mayAct: act, preselect, tells: tellingOf(policy), asks } };
}

/** @throws AppError `not_found` for another agency's client too, `not_allowed` without `clients.read` */
export const readClient =
	({ db }: { db: Db }) =>
	async (actor: StaffActor, clientId: string): Promise<ClientDetails> => {
		const standing = await requireClient(db, actor, clientId);
		const [row] = await readRow(db, actor, clientId);
		if (!row) throw new AppError('not_found', 'There is no such client.');
		const { policy: _policy, ...shown } = row;
		return { ...shown, ...decide(row, actor, standing) };
	};
