// One staff member inside Bluebird's portal, over HTTP against a demo that is a process of its own, and that page's recorder.
import { DEMO_PASSWORD } from '#server/demo/seed-demo.ts';
import { runCommand, type DemoProcess } from './demo-process.ts';
import { RecorderClient } from './hub-client.ts';
import { HttpPerson } from './http-person.ts';
import { codeOf } from './walk-by-http.ts';

/** One recorded page. */
export type Inside = { person: HttpPerson; ticket: string; pageId: string };

type Demo = Pick<DemoProcess, 'port' | 'env'>;

export const agencyOf = ({ port }: Pick<Demo, 'port'>): string => `http://localhost:${port}`;
export const portalOf = ({ port }: Pick<Demo, 'port'>): string => `http://portal.localhost:${port}`;

/** Rows of a query, by the operator's own command. */
export async function query({ env }: Pick<Demo, 'env'>, text: string): Promise<string[][]> {
	const { code, stdout, stderr } = await runCommand(['db', text], env);
	if (code !== 0) throw new Error(stderr);
	const lines = stdout.trim().split('\n').slice(2, -1);
	return lines.map((line) => line.split(' | ').map((cell) => cell.trim()));
}

/** Somebody of the agency, signed in. */
export async function signedIn(demo: Pick<Demo, 'port'>, email: string): Promise<HttpPerson> {
	const person = new HttpPerson(demo.port);
	const signIn = { email, password: DEMO_PASSWORD };
	const answer = await person.ask(`${agencyOf(demo)}/login?/signIn`, { form: signIn });
	if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`);
	return person;
}

export async function bea(demo: Pick<Demo, 'env'>): Promise<{ clientId: string; contactId: string }> {
	const [contact] = await query(demo, "SELECT id, client_id FROM contact WHERE email = 'bea@bluebird.test'");
	const [contactId = '', clientId = ''] = contact ?? [];
	return { clientId, contactId };
}

/** Presses Start, ending what the same person had begun before. @returns the code that lets into the portal once */
export async function startAs(
	demo: Pick<Demo, 'port'>,
	person: HttpPerson,
	{ clientId, contactId }: { clientId: string; contactId: string },
	reason = 'support'
): Promise<string> {
	const whom = { clientId, contactId, endCurrent: '1', returnTo: `/clients/${clientId}` };
	const form = { ...whom, mode: 'act', reason };
	return codeOf(await person.ask(`${agencyOf(demo)}/clients/${clientId}?/impersonate`, { form }));
}

export async function goInside(demo: Demo): Promise<Inside> {
	const person = await signedIn(demo, 'maya@northwind.test');
	const code = await startAs(demo, person, await bea(demo));
	const entered = await person.ask(`${portalOf(demo)}/enter`, {
		form: { code },
		origin: agencyOf(demo)
	});
	if (entered.status !== 303) throw new Error(`Maya could not enter: ${entered.status}`);
	const document = await person.ask(`${portalOf(demo)}/tasks/new`);
	const ticket = /[0-9a-f-]{36}\.[0-9a-f-]{36}\.[\w-]{43}/.exec(document.text)?.[0] ?? '';
	return { person, ticket, pageId: ticket.split('.')[1] ?? '' };
}

/** The same page, connected anew, as its recorder would be after a lost connection. */
export function connectRecorder(demo: Demo, { person, ticket }: Inside): Promise<RecorderClient> {
	const { host } = new URL(portalOf(demo));
	const headers = { origin: portalOf(demo), host };
	return new RecorderClient(demo, { ticket, cookie: person.cookies(portalOf(demo)) }, { headers }).ready();
}
