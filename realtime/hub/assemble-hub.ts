// Puts the parts of one hub together; plain construction, no decisions.
import type { Server } from 'socket.io';
import { RECORD_NAMESPACE, WATCH_NAMESPACE } from '#protocol/index.ts';
import type { HubDependencies } from './dependencies.ts';
import { ControlLine } from './control-line.ts';
import { HelpLine } from './help-line.ts';
import type { HubContext } from './hub-context.ts';
import { leaveSession } from './leave-session.ts';
import { makeFeeds, makePeers, makeVoice } from './assemble-peers.ts';
import { LiveRooms, pageRoom } from './live-rooms.ts';
import { Scribe } from '#realtime/scribe/scribe.ts';
import { Intakes } from './intakes.ts';
import { PageIntake, type PageIntakeOptions } from './page-intake.ts';
import { PagePictures } from './page-pictures.ts';
import { PulseWriter } from './pulse-writer.ts';
import { RightsSweep } from './rights-sweep.ts';
import { SealAsker } from './seal-asker.ts';
import { sendBatch } from './send-batch.ts';
import { SnapshotAsker } from './snapshot-asker.ts';
import { WatchConnections } from './watch-connections.ts';
import { WatchPresence } from './watch-presence.ts';

export type AssembleOptions = Pick<HubContext, 'deps' | 'gate' | 'metrics' | 'isStopping'> & { io: Server };

/** Makes the parts and ties them to each other. */
export function assembleHub({ deps, gate, metrics, io, isStopping }: AssembleOptions): {
	context: HubContext;
	intakes: Intakes;
} {
	const now = (): number => deps.clock.now();
	const onError = (error: unknown, event: string): void => deps.logger.error({ err: error }, `hub.${event}`);
	const intakes = new Intakes(now);
	// Rooms, watchers and the sweep know each other; each is asked only once all are made.
	const sweep: RightsSweep = new RightsSweep({
		deps,
		now,
		rooms: () => rooms,
		watchers: () => watchers,
		metrics,
		onSwept: () => sweepShared(context),
		onError: (error) => onError(error, 'sweep')
	});
	const watchers = new WatchConnections({
		isFresh: () => sweep.isFresh(),
		send: (batch, to) => sendBatch(context, batch, to),
		onLowered: (connection) => context.control.desk.letGo(connection)
	});
	const pulses = new PulseWriter({
		write: deps.notePulses,
		now,
		onError: (error) => onError(error, 'pulses')
	});
	const ask = (pageId: string): Promise<void> => deps.askSeal(pageId);
	const sealing = new SealAsker({ ask, now, onError: (error) => onError(error, 'seal') });
	const presence = makePresence(deps, (error) => onError(error, 'presence'));
	const pages = io.of(RECORD_NAMESPACE);
	const rooms: LiveRooms = makeRooms(() => context, { deps, now, pages, watchers, intakes });
	const context: HubContext = {
		deps,
		now,
		gate,
		metrics,
		pages,
		watchNamespace: io.of(WATCH_NAMESPACE),
		rooms,
		watchers,
		pulses,
		sealing,
		scribe: new Scribe({
			allowedAssets: (url) => deps.allowedAssets(url),
			onCostly: () => metrics.costly.inc(),
			onError: (error) => onError(error, 'scribe')
		}),
		pictures: makePictures(() => context),
		snapshots: makeSnapshots(() => context),
		presence,
		sweep,
		...makeShared(() => context, deps),
		control: makeControl(() => context, { deps, now, pages, rooms }),
		help: makeHelp(() => context, { deps, now, pages, rooms, watchers }),
		intakeOf: (identity) => intakes.of(identity, (session) => makeIntake(context, { identity, session })),
		isStopping,
		onError
	};
	return { context, intakes };
}

type AroundRooms = Pick<HubContext, 'deps' | 'now' | 'pages' | 'watchers'> & { intakes: Intakes };

const makeRooms = (
	context: () => HubContext,
	{ deps, now, pages, watchers, intakes }: AroundRooms
): LiveRooms =>
	new LiveRooms({
		now,
		pages,
		watchers,
		got: (pageId) => deps.liveLog.got(pageId),
		peersOf: (impersonationId) => context().peers.partsOf(impersonationId),
		onOwnChange: (impersonationId, isSeen) => {
			const { voice } = context();
			if (isSeen) voice.soon(impersonationId);
			else voice.later(impersonationId);
		},
		onClosed: (impersonationId) => {
			context().voice.soon(impersonationId);
			context().help.desk.close(impersonationId);
			context().control.desk.close(impersonationId);
			for (const connection of watchers.presentAt(impersonationId)) leaveSession(context(), connection);
			for (const pageId of intakes.forget(impersonationId)) forgetPage(context(), pageId);
		}
	});

const makeHelp = (
	context: () => HubContext,
	{ deps, ...around }: Pick<HubContext, 'deps' | 'now' | 'pages' | 'rooms' | 'watchers'>
): HelpLine =>
	new HelpLine({
		...around,
		rows: deps.help,
		say: (word) => context().voice.help(word),
		onError: (error) => context().onError(error, 'help')
	});

const makeControl = (
	context: () => HubContext,
	{ deps, ...around }: Pick<HubContext, 'deps' | 'now' | 'pages' | 'rooms'>
): ControlLine =>
	new ControlLine({
		...around,
		hubId: deps.hubId,
		rows: deps.control,
		isElsewhere: (pageId) => context().peers.hold(pageId),
		say: (request, order) => context().voice.order(request, order),
		answer: (request, answer) => context().voice.answer(request, answer),
		onError: (error) => context().onError(error, 'control')
	});

function sweepShared({ peers, feeds, metrics }: HubContext): void {
	peers.tick();
	feeds.tick();
	metrics.peers.set(peers.size);
	metrics.feeds.set(feeds.size);
}

/** What makes several hubs one. */
function makeShared(
	context: () => HubContext,
	deps: HubDependencies
): Pick<HubContext, 'voice' | 'peers' | 'feeds'> {
	return {
		voice: makeVoice(context, deps),
		peers: makePeers(context, deps),
		feeds: makeFeeds(context, deps)
	};
}

/** Its impersonation is over: nothing more comes of the page. */
function forgetPage({ pulses, sealing, snapshots, deps }: HubContext, pageId: string): void {
	pulses.forget(pageId);
	sealing.closed(pageId);
	snapshots.forget(pageId);
	deps.liveLog.release(pageId);
}

const makePresence = (deps: HubDependencies, onError: (error: unknown) => void): WatchPresence =>
	new WatchPresence({
		join: (actor, impersonationId, origin) =>
			deps.joinWatch(actor, { impersonationId, hubId: deps.hubId, origin }),
		leave: (actor, watchId) => deps.leaveWatch(actor, { watchId }),
		onError
	});

const makePictures = (context: () => HubContext): PagePictures =>
	new PagePictures({
		readPicture: (actor, input) => context().deps.readPicture(actor, input),
		onUnsure: (pageId) => context().snapshots.want(pageId),
		onError: (error) => context().onError(error, 'picture')
	});

const makeSnapshots = (context: () => HubContext): SnapshotAsker =>
	new SnapshotAsker({
		now: () => context().now(),
		ask: (pageId) => {
			const { rooms, pages } = context();
			const connection = rooms.connectionOf(pageId);
			return (
				connection !== null &&
				(pages.sockets.get(connection)?.emit('record:snapshot', { why: 'unsure' }) ?? false)
			);
		},
		askElsewhere: (pageId) => {
			const { peers, voice } = context();
			const isElsewhere = peers.hold(pageId);
			if (isElsewhere) voice.wantSnapshot(pageId);
			return isElsewhere;
		}
	});

const makeIntake = (
	context: HubContext,
	{ identity, session }: Pick<PageIntakeOptions, 'identity' | 'session'>
): PageIntake =>
	new PageIntake({
		identity,
		session,
		now: context.now,
		liveLog: context.deps.liveLog,
		rooms: context.rooms,
		pulses: context.pulses,
		metrics: context.metrics,
		scribe: context.scribe,
		noteFaults: (faults) => context.deps.noteFaults(identity, faults),
		relay: (batch) => context.watchers.relay(batch),
		sealing: context.sealing,
		reconnect: () => context.pages.in(pageRoom(identity.pageId)).disconnectSockets(true),
		onError: (error) => context.onError(error, 'append')
	});
