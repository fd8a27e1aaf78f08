// The steps of an impersonation over plain HTTP, for tests that bend them.
import { sql } from 'drizzle-orm';
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { HttpPerson, type Answer } from './http-person.ts';
import type { LiveServer } from './live-server.ts';

export async function signedInStaff(server: LiveServer, email: string): Promise<HttpPerson> {
	const person = new HttpPerson(server.port);
	const answer = await person.ask(`${server.agency}/login?/signIn`, {
		form: { email, password: DEMO_PASSWORD }
	});
	if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
	return person;
}

export async function signedInContact(server: LiveServer, email: string): Promise<HttpPerson> {
	const person = new HttpPerson(server.port);
	const answer = await person.ask(`${server.portal}/login?/signIn`, {
		form: { email, password: DEMO_PASSWORD }
	});
	if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
	return person;
}

export type Target = { clientId: string; contactId: string };

export async function targetOf(server: LiveServer, email: string): Promise<Target> {
	const [row] = await server.composed.parts.db.execute<{ client_id: string; id: string }>(
		sql`SELECT id, client_id FROM contact WHERE email = ${email}`
	);
	if (!row) throw new Error(`no contact ${email}`);
	return { clientId: row.client_id, contactId: row.id };
}

/** Presses Start; the answer holds the code when it was allowed. */
export const pressStart = (
	server: LiveServer,
	staff: HttpPerson,
	target: Target,
	fields: Record<string, string> = {}
): Promise<Answer> =>
	staff.ask(`${server.agency}/clients/${target.clientId}?/impersonate`, {
		form: { ...target, mode: 'act', reason: 'support', returnTo: `/clients/${target.clientId}`, ...fields }
	});

export function codeOf(answer: Answer): string {
	const code = /name="code"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="code"/.exec(answer.text);
	const found = code?.[1] ?? code?.[2];
	if (!found) throw new Error(`no code in the answer (${answer.status})`);
	return found;
}

export const redeem = (server: LiveServer, person: HttpPerson, code: string): Promise<Answer> =>
	person.ask(`${server.portal}/enter`, { form: { code }, origin: server.agency });

/** Start to portal; the person then holds the impersonation cookie. @returns the impersonation's id */
export async function enterAs(
	server: LiveServer,
	staff: HttpPerson,
	email: string,
	fields: Record<string, string> = {}
): Promise<string> {
	const started = await pressStart(server, staff, await targetOf(server, email), {
		endCurrent: '1',
		...fields
	});
	const entered = await redeem(server, staff, codeOf(started));
	if (entered.status !== 303) throw new Error(`not entered: ${entered.status}`);
	const [row] = await server.composed.parts.db.execute<{ id: string }>(
		sql`SELECT id FROM impersonation WHERE state = 'active' ORDER BY started_at DESC LIMIT 1`
	);
	return row?.id ?? '';
}

/** Opens a document and reads its page ticket, as its script would. */
export async function openDocument(server: LiveServer, person: HttpPerson, path: string): Promise<string> {
	const page = await person.ask(server.portal + path);
	const ticket = /[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]{43}/.exec(page.text)?.[0];
	if (!ticket) throw new Error(`no ticket on ${path} (${page.status})`);
	return ticket;
}

/** Makes the page of a ticket count as recorded now, as its recorder would have by an acknowledged snapshot and a beat. */
export async function pretendRecorded(server: LiveServer, ticket: string): Promise<void> {
	await server.composed.parts.db.execute(sql`
		UPDATE page SET snapshot_at = clock_timestamp(), last_beat_at = clock_timestamp() WHERE id = ${ticket.split('.')[1]}`);
}

export const createTask = (
	server: LiveServer,
	person: HttpPerson,
	ticket: string | null,
	title: string
): Promise<Answer> =>
	person.ask(`${server.portal}/tasks/new?/create`, {
		form: { title },
		headers: ticket ? { 'x-switchback-page': ticket } : {}
	});

export async function taskExists(server: LiveServer, title: string): Promise<boolean> {
	const rows = await server.composed.parts.db.execute(sql`SELECT FROM task WHERE title = ${title}`);
	return rows.length > 0;
}
