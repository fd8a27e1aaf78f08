// The act gate: no change, and no disclosure worth proving, without its row in the action log (design.md §3).
// Change, row and consequences commit together or not at all.
import { sql } from 'drizzle-orm';
import type { ActionName } from '#domain/actions.ts';
import type { Actor, Origin } from '#domain/actor.ts';
import { AppError, isAppError, type ErrorCode } from '#domain/errors.ts';
import { tellsSomebody } from '#domain/notices.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId } from '#domain/ids.ts';
import type { Signal } from '#server/ports/signals.ts';
import { type NewRow } from './chain.ts';
import { commitChange } from './commit-change.ts';
import { type OutboxItem } from './outbox.ts';
import { callSecond } from './second-person.ts';
import { settleDraft } from './settle-draft.ts';
import { requireRight, type Steered } from './standing.ts';
import type { Db, Tx } from './types.ts';

export type Subject = { type: string; id: string; label?: string };

export type Deed = {
	action: ActionName;
	/** Under whose account it stands when the actor does not say so itself. */
	clientId?: ClientId | null;
	contactId?: ContactId | null;
	impersonationId?: ImpersonationId | null;
	/** Named when it is known beforehand, so that a refused attempt says on what. */
	subject?: Subject | null;
	origin?: Origin;
};

export type Done<T> = {
	value: T;
	subject?: Subject | null;
	details?: Record<string, unknown>;
	outbox?: OutboxItem[];
	/** Overrides of the deed that only the work could know. */
	impersonationId?: ImpersonationId;
};

/** See `createAct`. */
export type Act = <T>(actor: Actor, deed: Deed, work: (tx: Tx) => Promise<Done<T>>) => Promise<T>;

/** Attempts that are evidence. Others (a field left empty, a record that is gone) are no offence. */
const LOGGED_REFUSALS: ReadonlySet<ErrorCode> = new Set([
	'not_allowed',
	'forbidden',
	'view_only',
	'frozen',
	'no_recorder',
	'second_person',
	'impersonation_over',
	'start_refused'
]);

function accountOf(
	actor: Actor,
	deed: Deed
): Pick<NewRow, 'clientId' | 'contactId' | 'impersonationId' | 'pageId'> {
	const inPortal = actor.kind === 'client' || actor.kind === 'impersonation';
	return {
		clientId: inPortal ? actor.clientId : (deed.clientId ?? null),
		contactId: inPortal ? actor.contactId : (deed.contactId ?? null),
		impersonationId: actor.kind === 'impersonation' ? actor.impersonationId : (deed.impersonationId ?? null),
		pageId: actor.kind === 'impersonation' ? actor.pageId : null
	};
}

function realStaff(actor: Actor): string | null {
	if (actor.kind === 'impersonation') return actor.act.staffId;
	// Whoever prepared what the client approves stays in the row: the log never loses them.
	if (actor.kind === 'client') return actor.approves?.staffId ?? null;
	return actor.kind === 'staff' ? actor.staffId : null;
}

function baseRow(
	actor: Actor,
	deed: Deed
): Omit<NewRow, 'outcome' | 'refusal' | 'details' | 'subjectType' | 'subjectId'> {
	return {
		agencyId: actor.agencyId,
		actorKind: actor.kind,
		actorStaffId: realStaff(actor),
		action: deed.action,
		...accountOf(actor, deed)
	};
}

/** Which draft a client approved by this. */
const approval = (actor: Actor): Record<string, unknown> =>
	actor.kind === 'client' && actor.approves ? { approved: actor.approves } : {};

/**
 * Who did it by control, as far as the hub knows of an order of theirs to that page a moment before; else only that control was held.
 * In the details, so that old rows and their hashes stay as they are.
 */
const steering = (by: Steered | null): Record<string, unknown> =>
	by ? { [by.isOrdered ? 'steeredBy' : 'heldBy']: { staffId: by.staffId, name: by.name } } : {};

const doneRow = (actor: Actor, deed: Deed, done: Done<unknown>, by: Steered | null): NewRow => {
	const subject = done.subject ?? deed.subject ?? null;
	const row = baseRow(actor, deed);
	return {
		...row,
		impersonationId: done.impersonationId ?? row.impersonationId,
		subjectType: subject?.type ?? null,
		subjectId: subject?.id ?? null,
		outcome: 'done',
		refusal: null,
		details: {
			...done.details,
			...approval(actor),
			...steering(by),
			subject: subject?.label ?? null,
			...deed.origin
		}
	};
};

const refusedRow = (actor: Actor, deed: Deed, error: AppError, by: Steered | null): NewRow => ({
	...baseRow(actor, deed),
	subjectType: deed.subject?.type ?? null,
	subjectId: deed.subject?.id ?? null,
	outcome: 'refused',
	refusal: error.code,
	details: {
		...error.details,
		...steering(by),
		sentence: error.message,
		subject: deed.subject?.label ?? null,
		...deed.origin
	}
});

/**
 * The row under an account of the actor's own agency, or under none. Attack: an attempt is refused before anybody looked
 * whose client it names, and the log would then show another agency's names to whoever typed their ids.
 */
async function underOwnAccount(tx: Tx, row: NewRow): Promise<NewRow> {
	const [own] = await tx.execute<{ client: string | null; contact: string | null }>(sql`
		SELECT (SELECT id FROM client WHERE id = ${row.clientId} AND agency_id = ${row.agencyId}) AS client,
			(SELECT id FROM contact WHERE id = ${row.contactId} AND agency_id = ${row.agencyId}) AS contact`);
	return { ...row, clientId: own?.client ?? null, contactId: own?.contact ?? null };
}

/** Whoever lacks a second person has called one by trying: nobody has to remember to. */
async function calledFor(tx: Tx, actor: Actor, { code, details }: AppError): Promise<OutboxItem[]> {
	const { zone } = details;
	if (code !== 'second_person' || actor.kind !== 'impersonation' || typeof zone !== 'string') return [];
	return callSecond(tx, actor, zone);
}

export type ActDependencies = {
	db: Db;
	publish(signal: Signal): Promise<void>;
	/** Called after commit; must not throw. */
	drain(): void;
};

/**
 * Makes the gate. `act(actor, deed, work)`:
 * 1. reads the actor's rights under the locks that freeze and end wait for; 2. runs `work`, which changes rows and does
 * no I/O; 3. stores its outbox rows; 4. locks the chain head last of all, links the row and commits (commit-change.ts);
 * 5. drains after commit.
 * @throws AppError as refused or as `work` threw it; refusals that are evidence are logged in a row of their own
 */
export function createAct({ db, publish, drain }: ActDependencies): Act {
	const announce = async (agencyId: AgencyId, impersonationId: string | null, seq: string): Promise<void> => {
		if (!impersonationId) return;
		const id = impersonationId as ImpersonationId;
		await publish({ topic: 'action.logged', agencyId, impersonationId: id, seq });
	};
	const logRefusal = async (actor: Actor, deed: Deed, error: AppError, by: Steered | null): Promise<void> => {
		const { row, called, linked } = await db.transaction(async (tx) => {
			const row = await underOwnAccount(tx, refusedRow(actor, deed, error, by));
			const outbox = await calledFor(tx, actor, error);
			return { row, called: outbox.length > 0, linked: commitChange(tx, { row, outbox, job: null }) };
		});
		if (called) drain();
		await announce(actor.agencyId, row.impersonationId, await linked);
	};
	const change = async <T>(
		actor: Actor,
		deed: Deed,
		work: (tx: Tx) => Promise<Done<T>>,
		learn: (by: Steered | null) => void
	) => {
		const { linked, ...ending } = await db.transaction(async (tx) => {
			const by = await requireRight(tx, actor, deed.action, learn);
			await settleDraft(tx, actor);
			const done = await work(tx);
			const row = doneRow(actor, deed, done, by);
			const approves = actor.kind === 'client' && actor.approves !== undefined;
			const job = tellsSomebody(deed.action, actor.kind, approves) ? ('notices.spread' as const) : null;
			const outbox = done.outbox ?? [];
			// Within an object, so that it is not awaited here: the commit goes out right behind it.
			return { value: done.value, row, outbox, job, linked: commitChange(tx, { row, outbox, job }) };
		});
		return { ...ending, seq: await linked };
	};
	return async (actor, deed, work) => {
		let steered: Steered | null = null;
		const learn = (by: Steered | null): void => void (steered = by);
		const { value, row, outbox, job, seq } = await change(actor, deed, work, learn).catch(
			async (error: unknown) => {
				if (isAppError(error) && LOGGED_REFUSALS.has(error.code))
					await logRefusal(actor, deed, error, steered);
				throw error;
			}
		);
		if (outbox.length > 0 || job) drain();
		await announce(actor.agencyId, row.impersonationId, seq);
		return value;
	};
}
