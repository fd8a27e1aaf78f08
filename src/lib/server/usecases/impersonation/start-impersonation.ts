// Starts an impersonation on the agency host: pending until its one-time code is redeemed on the portal host.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { localPath } from '#domain/local-path.ts';
import type { ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import { MODES, REASONS } from '#domain/modes-and-reasons.ts';
import {
	hardLimitMs,
	mayImpersonate,
	policySchema,
	START_CODE_LIFE_MS,
	type Policy
} from '#domain/policy.ts';
import type { Reason } from '#domain/modes-and-reasons.ts';
import type { Act } from '#server/db/act.ts';
import { CONSENT_COLUMNS, consentOf } from '#server/db/consent.ts';
import { readStaff } from '#server/db/standing.ts';
import type { Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { hashSecret } from '#server/sign-in/impersonation-cookie.ts';
import { carryHold } from './carried-hold.ts';

const reasons = Object.keys(REASONS) as [Reason, ...Reason[]];

/** What the dialog sends. `returnTo` is kept on the server, so that no address can send anyone elsewhere. */
export const startInput = z
	.object({
		clientId: z.uuid(),
		contactId: z.uuid(),
		mode: z.enum(MODES, 'Choose View only or Act.'),
		// Empty where the agency does not ask for one: then it counts as Other, without details.
		reason: z.union([z.enum(reasons), z.literal('')], 'Choose a reason.').default(''),
		details: z.string().trim().max(500, 'Keep the details under 500 characters.').default(''),
		ticket: z.string().trim().max(60, 'Keep the ticket under 60 characters.').default(''),
		// Both end up in redirects: as the parser writes them, so that nothing it strips can turn a path into a host.
		returnTo: z
			.string()
			.startsWith('/clients')
			.max(300)
			.transform((path) => localPath(path, '/clients')),
		enterAt: z
			.string()
			.max(2_000)
			.default('/')
			.refine((path) => localPath(path, '') !== '', 'must be a path of the portal')
			.transform((path) => localPath(path, '/')),
		restartedFrom: z.uuid().nullable().default(null)
	})
	.refine((i) => i.reason !== 'other' || i.details !== '', {
		path: ['details'],
		message: 'Say what this is about: the reason Other needs details.'
	});
export type StartInput = z.infer<typeof startInput>;

/** @throws AppError `invalid` for a field that this agency's policy wants filled in */
function requireFields(policy: Policy, input: StartInput): Reason {
	if (policy.reasonRequired && input.reason === '')
		throw new AppError('invalid', 'Choose a reason.', { field: 'reason' });
	if (policy.ticketRequired && input.ticket === '')
		throw new AppError('invalid', 'Your agency asks for a ticket each time. Fill it in.', {
			field: 'ticket'
		});
	return input.reason || 'other';
}

export type Started = { code: string; impersonationId: ImpersonationId };

type Question = {
	policy: unknown;
	client_name: string;
	status: 'active' | 'inactive' | 'archived';
	opted_out: boolean;
	requires_grant: boolean;
	has_grant: boolean;
	is_assigned: boolean;
	contact_name: string | null;
	contact_active: boolean | null;
};

async function ask(tx: Tx, actor: StaffActor, input: StartInput): Promise<Question> {
	const [row] = await tx.execute<Question>(sql`
		SELECT a.policy, c.name AS client_name, c.status, ${CONSENT_COLUMNS}, k.name AS contact_name, k.active AS contact_active,
			EXISTS (SELECT FROM client_assignment x WHERE x.client_id = c.id AND x.staff_id = ${actor.staffId}) AS is_assigned
		FROM client c JOIN agency a ON a.id = c.agency_id
		LEFT JOIN contact k ON k.client_id = c.id AND k.id = ${input.contactId}
		WHERE c.id = ${input.clientId} AND c.agency_id = ${actor.agencyId}`);
	// Another agency's client looks like one that does not exist: ids are not to be probed.
	if (!row) throw new AppError('not_found', 'There is no such client.');
	return row;
}

async function requireStart(tx: Tx, actor: StaffActor, input: StartInput): Promise<Question> {
	const q = await ask(tx, actor, input);
	const staff = await readStaff(tx, actor);
	if (!staff) throw new AppError('not_signed_in', 'Sign in again.');
	const decision = mayImpersonate({
		permissions: staff.permissions,
		policy: policySchema.parse(q.policy),
		mode: input.mode,
		isAssigned: q.is_assigned,
		client: { status: q.status, name: q.client_name, ...consentOf(q) },
		contact: q.contact_name === null ? null : { name: q.contact_name, active: q.contact_active === true }
	});
	if (!decision.allowed) throw new AppError('start_refused', decision.sentence, { reason: decision.refusal });
	return q;
}

async function refuseSecond(tx: Tx, actor: StaffActor): Promise<void> {
	const [live] = await tx.execute<{ id: string; client_name: string; contact_name: string }>(sql`
		SELECT i.id, c.name AS client_name, k.name AS contact_name FROM impersonation i
		JOIN client c ON c.id = i.client_id JOIN contact k ON k.id = i.contact_id
		WHERE i.staff_id = ${actor.staffId} AND i.state <> 'ended'`);
	if (live)
		throw new AppError(
			'already_impersonating',
			`You are still inside as ${live.contact_name}, ${live.client_name}.`,
			{
				impersonationId: live.id
			}
		);
}

type Dependencies = {
	act: Act;
	ids: Ids;
	/** @throws AppError `start_refused` when a recording could not be kept (contract.md §Settings, free disk) */
	requireRoom(): Promise<void>;
	/** Ends what this staff member has running: overdue ones always, a live one when `evenLive`. */
	endOwn(actor: StaffActor, evenLive: boolean): Promise<void>;
};

/** @throws AppError `start_refused` (logged), `already_impersonating`, `not_found`, `not_allowed` (logged) */
export const startImpersonation =
	({ act, ids, requireRoom, endOwn }: Dependencies) =>
	async (
		actor: StaffActor,
		input: StartInput,
		options: { endCurrent: boolean; origin: Origin }
	): Promise<Started> => {
		await endOwn(actor, options.endCurrent);
		const code = ids.secret();
		const impersonationId = ids.uuid() as ImpersonationId;
		const deed = {
			action: 'impersonation.started',
			clientId: input.clientId as ClientId,
			contactId: input.contactId as ContactId,
			subject: { type: 'contact', id: input.contactId },
			origin: options.origin
		} as const;
		return act(actor, deed, async (tx) => {
			const q = await requireStart(tx, actor, input);
			await requireRoom();
			await refuseSecond(tx, actor);
			const policy = policySchema.parse(q.policy);
			const reason = requireFields(policy, input);
			const codeLife = `${START_CODE_LIFE_MS} milliseconds`;
			const wholeLife = `${START_CODE_LIFE_MS + hardLimitMs(policy, reason)} milliseconds`;
			const inserted = await tx.execute(sql`
				INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason,
					details, ticket, code_hash, code_expires_at, expires_at, idle_limit_ms, restarted_from, return_to, enter_at)
				VALUES (${impersonationId}, ${actor.agencyId}, ${input.clientId}, ${input.contactId}, ${actor.staffId},
					${actor.sessionId}, ${input.mode}, ${reason}, ${input.details}, ${input.ticket || null},
					${hashSecret(code)}, clock_timestamp() + ${codeLife}::interval, clock_timestamp() + ${wholeLife}::interval,
					${policy.idleLimitMinutes * 60_000}::int,
					(SELECT id FROM impersonation WHERE id = ${input.restartedFrom} AND staff_id = ${actor.staffId}),
					${input.returnTo}, ${input.enterAt})
				ON CONFLICT (staff_id) WHERE state <> 'ended' DO NOTHING RETURNING id`);
			// Two starts raced: the unique index let one through.
			if (inserted.length === 0) await refuseSecond(tx, actor);
			const held = await carryHold(tx, actor, impersonationId);
			await tx.execute(sql`INSERT INTO impersonation_pulse (impersonation_id) VALUES (${impersonationId})`);
			return {
				value: { code, impersonationId },
				impersonationId,
				subject: { type: 'contact', id: input.contactId, label: q.contact_name ?? '' },
				details: {
					mode: held?.mode ?? input.mode,
					reason,
					ticket: input.ticket || null,
					note: input.details,
					restartedFrom: input.restartedFrom,
					...(held?.viewOnlyBy && { viewOnlyBy: held.viewOnlyBy }),
					...(held?.frozenBy && { frozenBy: held.frozenBy })
				}
			};
		});
	};
