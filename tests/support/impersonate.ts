// A staff member inside a portal, made by the use cases themselves, so that a test starts where a person would stand.
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { ImpersonationActor, StaffActor } from '#domain/actor.ts';
import type { AgencyId, ClientId, ContactId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import type { Mode } from '#domain/modes-and-reasons.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { createAct } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Signal } from '#server/ports/signals.ts';
import { createPageTickets } from '#server/sign-in/page-ticket.ts';
import { endImpersonation } from '#server/usecases/impersonation/end-impersonation.ts';
import { endOwn } from '#server/usecases/impersonation/end-overdue.ts';
import { enterImpersonation } from '#server/usecases/impersonation/enter-impersonation.ts';
import { openPage } from '#server/usecases/impersonation/open-page.ts';
import { startImpersonation, startInput } from '#server/usecases/impersonation/start-impersonation.ts';

export const NO_ORIGIN = { ip: null, userAgent: null };

/** Ids as the process makes them. */
export const testIds = new RandomIds({ now: () => Date.now() });
export const testTickets = createPageTickets('a secret of the tests, long enough to sign with');

/** The gate and the use cases around an impersonation over a test database; signals are kept in `signals`. */
export function impersonationKit(db: Db) {
	const signals: Signal[] = [];
	const publish = (signal: Signal): Promise<void> => {
		signals.push(signal);
		return Promise.resolve();
	};
	const act = createAct({ db, publish, drain: () => {} });
	const end = endImpersonation({ act, db });
	const start = startImpersonation({
		act,
		ids: testIds,
		requireRoom: () => Promise.resolve(),
		endOwn: endOwn({ db, end })
	});
	const enter = enterImpersonation({ act, db, ids: testIds });
	const maskingOf = () => Promise.resolve({ profile: 'personal', personal: null } as const);
	return {
		act,
		signals,
		start,
		enter,
		end,
		openPage: openPage({ db, ids: testIds, tickets: testTickets, maskingOf })
	};
}

export type ImpersonationKit = ReturnType<typeof impersonationKit>;

/** Signs a staff member in: a session row that lives for an hour. */
export async function signInStaff(db: Db, agencyId: AgencyId, staffId: StaffId): Promise<StaffActor> {
	const sessionId = randomUUID();
	await db.execute(sql`INSERT INTO staff_session (id, user_id, token, expires_at)
		VALUES (${sessionId}, ${staffId}, ${randomBytes(16).toString('hex')}, now() + interval '1 hour')`);
	return { kind: 'staff', agencyId, staffId, sessionId };
}

export type Whom = { clientId: ClientId; contactId: ContactId };

/** What the dialog would send. */
export const startForm = (whom: Whom, more: Partial<z.input<typeof startInput>> = {}) =>
	startInput.parse({
		...whom,
		mode: 'act',
		reason: 'support',
		returnTo: `/clients/${whom.clientId}`,
		...more
	});

export type Impersonated = {
	staff: StaffActor;
	/** Inside, on a page that is recorded: may act at once. */
	actor: ImpersonationActor & { pageId: PageId };
	impersonationId: ImpersonationId;
	/** The cookie's value. */
	token: string;
	pageId: PageId;
	ticket: string;
};

/** Makes a page count as recorded: its snapshot acknowledged and a beat of just now. */
export const recordPage = async (db: Db, pageId: PageId): Promise<void> => {
	await db.execute(sql`UPDATE page SET snapshot_at = clock_timestamp(), last_beat_at = clock_timestamp(),
		first_event_at = clock_timestamp(), last_event_at = clock_timestamp() WHERE id = ${pageId}`);
};

/** Starts and enters an impersonation and opens one recorded page in it. */
export async function impersonate(
	db: Db,
	who: { agencyId: AgencyId; staffId: StaffId } & Whom & { mode?: Mode },
	kit: ImpersonationKit = impersonationKit(db)
): Promise<Impersonated> {
	const staff = await signInStaff(db, who.agencyId, who.staffId);
	const form = startForm({ clientId: who.clientId, contactId: who.contactId }, { mode: who.mode ?? 'act' });
	const { code, impersonationId } = await kit.start(staff, form, { endCurrent: false, origin: NO_ORIGIN });
	const { token } = await kit.enter(code, NO_ORIGIN);
	const inside: ImpersonationActor = {
		kind: 'impersonation',
		agencyId: who.agencyId,
		clientId: who.clientId,
		contactId: who.contactId,
		impersonationId,
		act: { staffId: who.staffId },
		pageId: null
	};
	const { pageId, ticket } = await kit.openPage(inside, '/');
	await recordPage(db, pageId);
	return { staff, actor: { ...inside, pageId }, impersonationId, token, pageId, ticket };
}
