// The relays of the hub's figures, each run in a process of its own: our hub with its real way of a batch (decode, make
// safe, live log on disk, acknowledge, right asked before delivery) and bare socket.io servers. The rows behind the hub are
// stood in for by functions, since no batch ever waits for them.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { Server } from 'socket.io';
import type { AgencyId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import type { LiveSession } from '#protocol/index.ts';
import { attachUpgrades } from '#realtime/hub/attach-upgrades.ts';
import { createHub } from '#realtime/hub/hub.ts';
import { answerStats } from './relay-stats.ts';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';

export const PORTAL = 'http://portal.bench';
export const AGENCY = 'http://agency.bench';

/** `ours`; `bare`: relays without compression; `sink`: inflates each connection as the hub does, and acknowledges. */
export type RelayKind = 'ours' | 'bare' | 'sink';

const FAR = 3_600_000;

/** As of rows: the same in each answer. One that moved would be told to all, twice a second. */
const STARTED_AT = Date.now();

const standingOf = (id: string) => ({
	impersonationId: id as ImpersonationId,
	agencyId: 'agency' as AgencyId,
	mode: 'act' as const,
	expiresAt: STARTED_AT + FAR,
	idleLimitMs: FAR,
	lastActivityAt: STARTED_AT,
	frozen: null,
	viewOnly: null,
	control: null,
	zone: null,
	hand: null,
	showWatchers: true
});

const factsOf = (impersonationId: string): LiveSession => ({
	impersonationId,
	client: { id: randomUUID(), name: 'Client' },
	contact: { id: randomUUID(), name: 'Contact' },
	staff: { id: randomUUID(), name: 'Staff' },
	reason: 'Support',
	ticket: null,
	startedAt: Date.now(),
	recording: 'waiting',
	activePageId: null,
	pages: [],
	mode: 'act',
	expiresAt: Date.now() + FAR,
	idleAt: Date.now() + FAR,
	hubNow: Date.now(),
	frozen: null,
	watchers: []
});

/** Our hub; `ids` are the impersonations, each with one page of the same id. */
async function serveOurs(http: HttpServer, ids: readonly string[]): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-bench-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const none = () => Promise.resolve();
	const hub = createHub({
		hubId: randomUUID(),
		agencyOrigin: AGENCY,
		portalOrigin: PORTAL,
		clock: { now: () => Date.now() },
		logger: { info: () => undefined, warn: console.error, error: console.error },
		registry: new Registry(),
		liveLog: await FileLiveLog.open(folder),
		signals: { publish: none, subscribe: () => () => undefined, close: none },
		allowedAssets: () => null,
		addressOf: () => 'bench',
		resolveRecorder: ({ ticket }) =>
			Promise.resolve({
				ok: true,
				identity: {
					agencyId: 'agency' as AgencyId,
					impersonationId: ticket as ImpersonationId,
					staffId: 'staff' as StaffId,
					pageId: ticket as PageId,
					sealedSeq: -1,
					page: { openedAt: Date.now(), address: '/', title: '', hasSnapshot: false }
				}
			}),
		resolveWatcher: ({ cookieHeader = '' }) =>
			Promise.resolve({
				ok: true,
				identity: {
					actor: {
						kind: 'staff',
						agencyId: 'agency' as AgencyId,
						staffId: cookieHeader as StaffId,
						sessionId: cookieHeader
					},
					watcher: { staffId: cookieHeader, name: 'Supervisor', initials: 'S', role: 'moderator' }
				}
			}),
		readLiveSessions: (_, { impersonationId }) => Promise.resolve([factsOf(impersonationId)]),
		notePulses: none,
		noteFaults: none,
		joinWatch: () => Promise.resolve(randomUUID()),
		leaveWatch: none,
		hubNews: { publish: none, subscribe: () => () => undefined, close: none },
		noteHub: () => Promise.resolve({ wasKnown: true }),
		closeStaleWatches: () => Promise.resolve(0),
		sweepLive: ({ sessions }) =>
			Promise.resolve({
				live: ids.map(standingOf),
				ended: [],
				mayWatch: new Map(sessions.map((id) => [id, 'moderator' as const]))
			}),
		readRisks: () => Promise.resolve([]),
		noteLook: none,
		help: {
			writeMessage: () => Promise.reject(new Error('nobody writes here')),
			readMessages: () => Promise.resolve([]),
			raiseHand: none,
			answerHand: none,
			noteMarks: none,
			noteSketch: none
		},
		control: {
			askControl: () => Promise.reject(new Error('nobody steers here')),
			answerControl: none,
			releaseControl: none,
			takeControlBack: none,
			keepControls: none,
			markOrder: none,
			noteOrders: none
		},
		readEntry: () => Promise.resolve(null),
		readSealed: () => Promise.resolve(null),
		storeKeyOf: () => '',
		readPicture: () => Promise.resolve(null),
		askSeal: none
	});
	attachUpgrades(http, hub, { others: 'destroy' });
	await hub.start();
}

/** The baseline: what comes in goes out to the room and is acknowledged, nothing else. */
function serveBare(http: HttpServer, kind: RelayKind): void {
	const deflate =
		kind === 'sink' ? { perMessageDeflate: { threshold: 16_384, serverNoContextTakeover: true } } : {};
	const io = new Server(http, {
		path: '/hub',
		transports: ['websocket'],
		maxHttpBufferSize: 1e8,
		...deflate
	});
	io.on('connection', (socket) => {
		socket.on('follow', (id: string, ack: () => void) => {
			void socket.join(id);
			ack();
		});
		socket.on('append', (id: string, seq: number, bytes: Uint8Array, ack: () => void) => {
			socket.to(id).emit('batch', id, seq, bytes);
			ack();
		});
	});
}

// Started by relay-clients.ts with an IPC channel; imported, it does nothing.
const [, file, kind, ...ids] = process.argv;
if (process.send && file === fileURLToPath(import.meta.url)) {
	const http = createServer();
	answerStats(http);
	if (kind === 'ours') await serveOurs(http, ids);
	else serveBare(http, kind as RelayKind);
	http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
	process.on('disconnect', () => process.exit(0));
}
