// The hub: an unattached engine and two namespaces, its start and its stop. The parts are put together in assemble-hub.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import { Server as Engine, type Socket as EngineSocket } from 'engine.io';
import { Server } from 'socket.io';
import { MAX_MESSAGE_BYTES } from '#protocol/index.ts';
import { assembleHub } from './assemble-hub.ts';
import { makeLease } from './assemble-peers.ts';
import { ConnectionGate } from './connection-gate.ts';
import type { HubDependencies } from './dependencies.ts';
import { relayEntries } from './entry-relay.ts';
import { JOIN_DEADLINE_MS, STOP_WAIT_MS } from './hub-limits.ts';
import { inflateMessages } from './message-inflater.ts';
import { createHubMetrics } from './metrics.ts';
import { serveRecord } from './record-gateway.ts';
import { handshakeError } from './refusals.ts';
import { relayRisks } from './risk-relay.ts';
import { relaySafe } from './safe-relay.ts';
import { serveWatch } from './watch-gateway.ts';

export type Hub = {
	engine: Engine;
	io: Server;
	/** Closes what dead hubs left open, sweeps once, then serves. Connections before that are told to try later. */
	start(): Promise<void>;
	/** Orderly stop: takes nothing new, lets batches under way be stored, writes pulses and farewells, closes. */
	close(): Promise<void>;
};

/** Messages to a page are small; only what is worth deflating is. Recorders' own messages are always deflated by them. */
const DEFLATE_DOWN_FROM_BYTES = 16 * 1024;

function createEngine(gate: ConnectionGate): Engine {
	const engine = new Engine({
		transports: ['websocket'],
		allowUpgrades: false,
		// Context takeover on the way up (recording.md §4.9: a twelfth of the bytes). Not on the way down, where the library
		// would then deflate every acknowledgement of 20 bytes: the threshold counts only without takeover.
		perMessageDeflate: { threshold: DEFLATE_DOWN_FROM_BYTES, serverNoContextTakeover: true },
		httpCompression: false,
		maxHttpBufferSize: MAX_MESSAGE_BYTES,
		pingInterval: 10_000,
		pingTimeout: 10_000,
		allowRequest: gate.allow
	});
	engine.on('connection', (connection: EngineSocket) => inflateMessages(connection, MAX_MESSAGE_BYTES));
	return engine;
}

/** Makes a hub. Nothing listens until `attachUpgrades` hands it connections. */
export function createHub(deps: HubDependencies): Hub {
	const metrics = createHubMetrics(deps.registry);
	const gate = new ConnectionGate({
		...deps,
		now: () => deps.clock.now(),
		onRefused: () => metrics.refusals.inc({ refusal: 'bad_origin' })
	});
	const engine = createEngine(gate);
	const io = new Server({ serveClient: false, connectTimeout: JOIN_DEADLINE_MS });
	io.bind(engine);
	// Attack: a connection that joins the default namespace would count as joined and stay for ever [C2].
	io.use((_socket, next) => next(handshakeError('not_allowed')));
	let stopping = false;
	const { context, intakes } = assembleHub({ deps, gate, metrics, io, isStopping: () => stopping });
	const { sweep, pulses, presence, rooms, watchers, sealing, voice, feeds, help, control, onError } = context;
	const lease = makeLease(context);
	serveRecord(context);
	serveWatch(context);
	const stopEntries = relayEntries({ deps, watchers, onError: (error) => onError(error, 'entries') });
	const stopRisks = relayRisks({ deps, rooms, watchers, onError: (error) => onError(error, 'risks') });
	const stopSafe = relaySafe({
		deps,
		pages: context.pages,
		onUnsure: (pageId) => context.snapshots.want(pageId),
		onError: (error) => onError(error, 'safe')
	});
	const stopHearing = deps.hubNews.subscribe((text) => context.peers.hear(text));

	return {
		engine,
		io,
		async start() {
			await lease.start();
			await sweep.start();
			voice.start();
			for (const part of [pulses, sealing, help, control]) part.start();
		},
		async close() {
			if (stopping) return;
			stopping = true;
			gate.close();
			stopEntries();
			stopRisks();
			stopSafe();
			sealing.stop();
			await control.stop();
			await help.stop();
			await sweep.stop();
			await Promise.race([intakes.idle(), sleep(STOP_WAIT_MS, undefined, { ref: false })]);
			context.scribe.stop();
			await presence.leaveAll();
			feeds.stop();
			// Not disconnectSockets(): after that clients do not come back, which only an end wants.
			engine.close();
			stopHearing();
			voice.stop();
			await pulses.stop().catch((error: unknown) => onError(error, 'pulses'));
			rooms.stop();
			await lease.stop();
		}
	};
}
