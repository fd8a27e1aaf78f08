// An application with a hub on a port of its own, Maya inside and Sofia watching, by their real cookies: what the bench of Freeze
// asks of.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { Registry } from 'prom-client';
import { io, type Socket } from 'socket.io-client';
import type { ImpersonationActor, StaffActor } from '#domain/actor.ts';
import type { PageId } from '#domain/ids.ts';
import { encodeBatch } from '#recorder/format/events.ts';
import { prepareDemo } from '#realtime/commands/demo.ts';
import { attachUpgrades } from '#realtime/hub/attach-upgrades.ts';
import { openHub } from '#realtime/main.ts';
import { compose, type Composed } from '#server/compose.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';

const PORT = 4393;
const ORIGIN = { ip: null, userAgent: null };

export type FrozenWorld = {
	composed: Composed;
	inside: ImpersonationActor;
	sofia: StaffActor;
	/** The recorded page's socket, once its first snapshot is acknowledged. */
	record(): Promise<Socket>;
	/** A watcher's socket that is told of every entry. */
	watch(): Promise<Socket>;
	close(): Promise<void>;
};

async function signIn({ app }: Composed, email: string): Promise<{ actor: StaffActor; cookie: string }> {
	const signedIn = await app.signIn.signInStaff(email, 'switchback-demo', '127.0.0.1');
	const cookie = signedIn.ok ? signedIn.cookies.map((line) => line.split(';')[0]).join('; ') : '';
	const session = await app.signIn.staffSession(cookie);
	const staff = session && (await app.signIn.readStaffContext(session));
	if (!staff) throw new Error('the bench could not sign in');
	return { actor: staff.actor, cookie };
}

async function enter({ app, parts }: Composed, maya: StaffActor) {
	const [bea] = await parts.db.execute<{ id: string; client_id: string }>(
		sql`SELECT id, client_id FROM contact WHERE email = 'bea@bluebird.test'`
	);
	if (!bea) throw new Error('the demo has no Bea');
	const form = { clientId: bea.client_id, contactId: bea.id, mode: 'act', reason: 'support' } as const;
	const rest = { details: '', ticket: '', returnTo: '/clients', enterAt: '/', restartedFrom: null };
	const asked = { endCurrent: true, origin: ORIGIN };
	const { code } = await app.impersonation.start(maya, { ...form, ...rest }, asked);
	const { token } = await app.impersonation.enter(code, ORIGIN);
	const found = await app.impersonation.read(token);
	if (!found) throw new Error('the bench could not enter');
	const { pageId, ticket } = await app.impersonation.openPage(found.actor, '/tasks');
	await parts.db.execute(sql`UPDATE page SET snapshot_at = clock_timestamp(),
		last_beat_at = clock_timestamp() + interval '1 hour' WHERE id = ${pageId}`);
	const inside: ImpersonationActor = { ...found.actor, pageId: pageId as PageId };
	return { inside, token, ticket };
}

function connect(namespace: string, host: string, auth: object, cookie: string): Socket {
	return io(`http://127.0.0.1:${PORT}${namespace}`, {
		path: '/hub',
		transports: ['websocket'],
		multiplex: false,
		auth: { version: 1, ...auth },
		extraHeaders: { origin: `http://${host}`, host, cookie }
	});
}

export async function openFrozenWorld(): Promise<FrozenWorld> {
	const dataDir = await mkdtemp(path.join(tmpdir(), 'switchback-bench-'));
	const composed = await compose(
		readConfig({ DATA_DIR: dataDir, PORT: String(PORT) }),
		createLogger('silent')
	);
	await prepareDemo(composed);
	const hub = openHub(composed, new Registry());
	const http = createServer((_request, response) => response.writeHead(404).end());
	attachUpgrades(http, hub, { others: 'destroy' });
	await hub.start();
	await new Promise<void>((resolve) => http.listen(PORT, '127.0.0.1', resolve));
	const [maya, sofia] = [
		await signIn(composed, 'maya@northwind.test'),
		await signIn(composed, 'sofia@northwind.test')
	];
	const { inside, token, ticket } = await enter(composed, maya.actor);
	return {
		composed,
		inside,
		sofia: sofia.actor,
		record: async () => {
			const socket = connect(
				'/record',
				`portal.localhost:${PORT}`,
				{ ticket },
				`${IMPERSONATION_COOKIE}=${token}`
			);
			socket.on('beat:ask', (answer: (beat: object) => void) =>
				answer({ wall: Date.now(), mono: Date.now() })
			);
			await new Promise((resolve) => socket.once('record:ready', resolve));
			const document = { type: 0, id: 1, childNodes: [] };
			const events = [
				{ type: 2, timestamp: Date.now(), data: { node: document, initialOffset: { top: 0, left: 0 } } }
			];
			await socket.emitWithAck('record:append', { seq: 0, part: 0, parts: 1 }, encodeBatch(events));
			return socket;
		},
		watch: async () => {
			const socket = connect('/watch', `localhost:${PORT}`, {}, sofia.cookie);
			await socket.emitWithAck('session:watch', { impersonationId: inside.impersonationId });
			return socket;
		},
		close: async () => {
			await hub.close();
			http.closeAllConnections();
			await new Promise((resolve) => http.close(resolve));
			await composed.app.close();
			await rm(dataDir, { recursive: true, force: true });
		}
	};
}
