// How the demo's people act: through the doors everybody uses, so that what they leave behind is a real log. Nothing here
// writes a row by itself.
import { sql } from 'drizzle-orm';
import type { ClientActor, ImpersonationActor, Origin, StaffActor } from '#domain/actor.ts';
import type { ClientId, ContactId } from '#domain/ids.ts';
import type { Mode, Reason } from '#domain/modes-and-reasons.ts';
import type { App } from '#server/app.ts';
import type { Db } from '#server/db/types.ts';

export type Theatre = { app: App; db: Db; password: string };
/** Of one scene; its address tells later starts that the scene was begun. */
export type Stage = Theatre & { origin: Origin & { ip: string } };

type Visit = {
	client: string;
	contact: string;
	mode: Mode;
	reason: Reason;
	details?: string;
	ticket?: string;
};
type Inside = {
	actor: ImpersonationActor;
	see(address: string, subject?: { type: string; id: string; label: string }): Promise<void>;
	switchTo(mode: Mode): Promise<void>;
};

/** What a browser would send back of the cookies it was just given. */
const sentBack = (cookies: readonly string[]): string =>
	cookies.map((line) => line.split(';', 1)[0]).join('; ');

/** A staff member signs in, does their work and signs out. */
export async function asStaff(
	{ app, password, origin }: Stage,
	email: string,
	work: (me: StaffActor) => Promise<void>
): Promise<void> {
	const answer = await app.signIn.signInStaff(email, password, origin.ip, origin.userAgent);
	const cookie = answer.ok ? sentBack(answer.cookies) : '';
	const session = await app.signIn.staffSession(cookie);
	const context = session && (await app.signIn.readStaffContext(session));
	if (!context) throw new Error(`${email} could not sign in to fill the demo.`);
	await work(context.actor);
	await app.signIn.signOutStaff(cookie, { address: origin.ip, userAgent: origin.userAgent });
}

/** A contact signs in, does their work and signs out. */
export async function asContact(
	{ app, password, origin }: Stage,
	email: string,
	work: (me: ClientActor) => Promise<void>
): Promise<void> {
	const answer = await app.signIn.signInContact(email, password, origin.ip, origin.userAgent);
	const cookie = answer.ok ? sentBack(answer.cookies) : '';
	const session = await app.signIn.contactSession(cookie);
	const contactId = session?.userId as ContactId | undefined;
	const context = contactId && (await app.signIn.readContactContext(contactId));
	if (!context) throw new Error(`${email} could not sign in to fill the demo.`);
	const { agency, client, contact } = context;
	await work({ kind: 'client', agencyId: agency.id, clientId: client.id, contactId: contact.id });
	await app.signIn.signOutContact(cookie, { address: origin.ip, userAgent: origin.userAgent });
}

async function startOf({ db }: Stage, visit: Visit): Promise<Parameters<App['impersonation']['start']>[1]> {
	const [row] = await db.execute<{ client_id: ClientId; id: ContactId }>(sql`
		SELECT k.client_id, k.id FROM contact k JOIN client c ON c.id = k.client_id
		WHERE c.name = ${visit.client} AND k.email = ${visit.contact}`);
	if (!row) throw new Error(`The demo has no ${visit.contact} at ${visit.client}.`);
	return {
		clientId: row.client_id,
		contactId: row.id,
		mode: visit.mode,
		reason: visit.reason,
		details: visit.details ?? '',
		ticket: visit.ticket ?? '',
		returnTo: `/clients/${row.client_id}`,
		enterAt: '/',
		restartedFrom: null
	};
}

/** What the dialog does, whatever comes of it. @throws AppError `start_refused` (logged) as a person would read it */
export async function tryStart(stage: Stage, me: StaffActor, visit: Visit): Promise<string> {
	const form = await startOf(stage, visit);
	const { code } = await stage.app.impersonation.start(me, form, {
		endCurrent: false,
		origin: stage.origin
	});
	return code;
}

/** Starts, enters, does the work inside and switches back. */
export async function visiting(
	stage: Stage,
	me: StaffActor,
	visit: Visit,
	work: (inside: Inside) => Promise<void>
): Promise<void> {
	const { impersonation } = stage.app;
	const { token } = await impersonation.enter(await tryStart(stage, me, visit), stage.origin);
	const found = await impersonation.read(token);
	if (!found) throw new Error(`Nobody is inside ${visit.client}.`);
	const { actor } = found;
	await work({
		actor,
		see: (address, subject) =>
			impersonation.writeView(actor, { kind: 'page', address, subject: subject ?? null, status: 200 }),
		switchTo: (mode) => impersonation.switchMode(actor, mode, { origin: stage.origin, isStale: false })
	});
	await impersonation.end(actor, { impersonationId: actor.impersonationId, reason: 'switch_back' });
}
