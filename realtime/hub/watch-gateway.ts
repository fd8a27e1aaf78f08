// Namespace /watch: who may connect as a watcher, and what a watcher may ask for. Each answer and each later delivery asks for
// the right again (watch-connections.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import type { SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { followPage, watchHandshake, watchSession, type Refusal } from '#protocol/index.ts';
import type { WatcherIdentity } from '#server/usecases/live/resolve-watcher.ts';
import { answeredRule } from './help-line.ts';
import { joinGuard } from './join-guard.ts';
import { EVENT_BURST, EVENT_PER_SECOND } from './hub-limits.ts';
import type { HubContext } from './hub-context.ts';
import type { LiveRoom } from './live-rooms.ts';
import { PageStream } from './page-stream.ts';
import { allPages } from '#realtime/room/room-peers.ts';
import { RateBucket } from './rate-bucket.ts';
import { handshakeError, refusalOf } from './refusals.ts';
import { sendBatch, takeFramesAsTheyAre } from './send-batch.ts';
import { parsed, serveEvents, type Answer, type EventRule } from './serve-events.ts';
import { unsentBytes } from './unsent-bytes.ts';
import { leaveSession } from './leave-session.ts';
import type { WatchConnection, WatchSocket } from './watch-connections.ts';

/** How long catching up sleeps while the connection is full. */
const FULL_PAUSE_MS = 10;

/** Serves the namespace. */
export function serveWatch(context: HubContext): void {
	const { watchNamespace, gate, metrics, deps } = context;
	const identities = new WeakMap<object, WatcherIdentity>();
	watchNamespace.use((socket: WatchSocket, next) => {
		const refuse = (refusal: Refusal): void => {
			metrics.refusals.inc({ refusal });
			next(handshakeError(refusal));
		};
		if (gate.sideOf(socket.request) !== 'agency') return refuse('not_allowed');
		if (!joinGuard(socket.conn)) return refuse('too_fast');
		if (!watchHandshake.safeParse(socket.handshake.auth).success) return refuse('client_too_old');
		if (context.isStopping()) return refuse('try_later');
		deps
			.resolveWatcher({ cookieHeader: socket.handshake.headers.cookie })
			.then((resolved) => {
				if (!resolved.ok) return refuse(resolved.refusal);
				identities.set(socket, resolved.identity);
				next();
			})
			.catch((error: unknown) => {
				context.onError(error, 'watch.handshake');
				refuse('try_later');
			});
	});
	watchNamespace.on('connection', (socket: WatchSocket) => {
		const identity = identities.get(socket);
		if (identity) welcome(context, socket, identity);
		else socket.disconnect(true);
	});
}

function welcome(context: HubContext, socket: WatchSocket, { actor, watcher }: WatcherIdentity): void {
	const { watchers, metrics, now } = context;
	const origin = {
		ip: context.deps.addressOf(socket.request),
		userAgent: socket.handshake.headers['user-agent'] ?? null
	};
	const connection: WatchConnection = {
		socket,
		actor,
		watcher,
		origin,
		allowed: true,
		onWall: false,
		onDuty: false,
		onTiles: false,
		role: watcher.role,
		joining: null,
		watching: null,
		wants: null,
		stream: null,
		takesText: false
	};
	takeFramesAsTheyAre(socket);
	watchers.add(connection);
	serveEvents(socket, {
		now,
		rules: rulesOf(context, connection),
		onRefused: (refusal) => metrics.refusals.inc({ refusal }),
		onError: (error, event) => context.onError(error, event),
		tellRefused: () => socket.emit('watch:refused', { refusal: 'not_allowed' })
	});
	socket.on('disconnect', () => {
		leaveSession(context, connection);
		watchers.remove(connection);
	});
}

function rulesOf(context: HubContext, connection: WatchConnection): Record<string, EventRule> {
	const rate = new RateBucket(EVENT_BURST, EVENT_PER_SECOND);
	const looks = new RateBucket(EVENT_BURST, EVENT_PER_SECOND);
	const guard = ({ admits, handle }: EventRule): EventRule => ({
		admits,
		handle: (args, answer) => {
			if (!connection.allowed) return answer({ ok: false, refusal: 'not_allowed' });
			if (!context.watchers.mayDeliver(connection)) return answer({ ok: false, refusal: 'try_later' });
			return handle(args, answer);
		}
	});
	const rule = (handle: (payload: unknown, answer: Answer) => Promise<void> | void): EventRule =>
		guard({ admits: (now) => rate.take(now), handle: ([payload], answer) => handle(payload, answer) });
	return {
		...context.help.rulesOfWatcher(connection, guard),
		...context.control.rulesOfWatcher(connection, guard),
		'wall:open': rule((_, answer) => {
			connection.onWall = true;
			const sessions = context.rooms.sessionsOf(connection.actor.agencyId);
			answer({ ok: true, sessions, hubNow: context.now() });
		}),
		'session:watch': rule((payload, answer) => watchOne(context, connection, payload, answer)),
		'session:look': guard(
			answeredRule(looks, watchSession, ({ impersonationId }) => look(context, connection, impersonationId))
		),
		'session:leave': rule((_, answer) => {
			leaveSession(context, connection);
			answer({ ok: true });
		}),
		'page:follow': rule((payload, answer) => follow(context, connection, payload, answer))
	};
}

/** Attack: a look at what is not watched, and so is neither logged nor shown to the one inside. The rows ask once more. */
async function look(
	context: HubContext,
	connection: WatchConnection,
	impersonationId: string
): Promise<void> {
	const { actor, watching, role } = connection;
	if (watching !== impersonationId || role !== 'moderator')
		throw new AppError('not_allowed', 'Only a moderator who watches is a second person.');
	await context.deps.noteLook(actor, { impersonationId, hubId: context.deps.hubId });
}

/** The room of a running impersonation of the watcher's own agency; another's does not exist for them [V2]. */
function roomFor(
	{ rooms }: HubContext,
	connection: WatchConnection,
	impersonationId: string
): LiveRoom | null {
	const room = rooms.get(impersonationId);
	return room?.agencyId === connection.actor.agencyId ? room : null;
}

async function watchOne(
	context: HubContext,
	connection: WatchConnection,
	payload: unknown,
	answer: Answer
): Promise<void> {
	const { impersonationId } = parsed(watchSession, payload);
	const { actor, watcher, socket } = connection;
	const isSwept = roomFor(context, connection, impersonationId) !== null || (await context.sweep.now());
	const room = roomFor(context, connection, impersonationId);
	// Told that it does not exist, a watcher does not ask again: only the rows say so.
	if (!room) return answer({ ok: false, refusal: isSwept ? 'not_allowed' : 'try_later' });
	if (room.state.ended) return answer({ ok: false, refusal: 'impersonation_over' });
	// Attack: a second request while the first is being logged would be shown something before the log says so.
	if (connection.joining) return answer({ ok: false, refusal: 'try_later' });
	if (connection.watching !== impersonationId) {
		leaveSession(context, connection);
		connection.joining = impersonationId;
		try {
			await context.presence.enter(actor, impersonationId, connection.origin);
		} catch (error) {
			connection.joining = null;
			context.onError(error, 'session:watch');
			return answer({ ok: false, refusal: refusalOf(error) });
		}
		// While it was being logged the watcher may have gone.
		const wasLeft = connection.joining !== impersonationId;
		connection.joining = null;
		if (wasLeft) {
			context.presence.leave(actor.staffId, impersonationId);
			return answer({ ok: false, refusal: 'try_later' });
		}
		connection.watching = impersonationId;
		const now = context.now();
		context.rooms.apply(impersonationId, { kind: 'watcher-joined', now, watcher, connection: socket.id });
	}
	answer({ ok: true, session: context.rooms.session(room), hubNow: context.now() });
}

async function follow(
	context: HubContext,
	connection: WatchConnection,
	payload: unknown,
	answer: Answer
): Promise<void> {
	const { impersonationId, pageId, checkpoint = false, text = false } = parsed(followPage, payload);
	const room = roomFor(context, connection, impersonationId);
	if (!room || connection.watching !== impersonationId) return answer({ ok: false, refusal: 'not_allowed' });
	if (!allPages(room.state).has(pageId)) return answer({ ok: false, refusal: 'wrong_page' });
	connection.stream?.stop();
	connection.wants = pageId;
	await context.feeds.begin(pageId);
	// Meanwhile the watcher may have left, or asked for another page.
	if (connection.watching !== impersonationId || connection.wants !== pageId)
		return answer({ ok: false, refusal: 'try_later' });
	connection.takesText = text;
	const stream = streamOf(context, connection, pageId);
	context.watchers.showStream(connection, stream);
	answer({ ok: true, batches: context.feeds.got(pageId) + 1 });
	const system: SystemActor = { kind: 'system', agencyId: room.agencyId };
	const picture = checkpoint ? context.pictures.of(system, pageId) : Promise.resolve(null);
	stream.start(picture);
}

function streamOf(context: HubContext, connection: WatchConnection, pageId: string): PageStream {
	const { feeds, deps } = context;
	const { socket } = connection;
	return new PageStream({
		pageId,
		liveLog: { got: (id) => feeds.got(id), read: (id, from) => deps.liveLog.read(id, from) },
		send: (batch) => sendBatch(context, batch, [connection]),
		sendPicture: ({ header, bytes }) => socket.emit('page:checkpoint', header, bytes),
		bufferedBytes: () => unsentBytes(socket.conn),
		mayDeliver: () => socket.connected && context.watchers.mayDeliver(connection),
		onBehind: () => {
			context.metrics.behind.inc();
			socket.emit('page:behind', { pageId });
		},
		onHeadless: () => context.snapshots.want(pageId),
		onFailed: (error) => {
			context.onError(error, 'page:follow');
			socket.emit('page:behind', { pageId });
		},
		pause: () => sleep(FULL_PAUSE_MS)
	});
}
