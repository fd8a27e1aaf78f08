// The parts by which several hubs are one: what is told to the others, what is heard of them, and the pages that are read for
// watchers here. Plain construction; the context is asked only once all is made.
import { pageRoom } from './live-rooms.ts';
import type { HubDependencies } from './dependencies.ts';
import { HubLease } from './hub-lease.ts';
import type { HubContext } from './hub-context.ts';
import { HubVoice } from './hub-voice.ts';
import { ownPart } from '#realtime/room/room-peers.ts';
import { PageFeeds } from './page-feeds.ts';
import { PeerHubs } from './peer-hubs.ts';

export const makeVoice = (context: () => HubContext, deps: HubDependencies): HubVoice =>
	new HubVoice({
		hubId: deps.hubId,
		news: deps.hubNews,
		now: () => context().now(),
		known: () => context().rooms.known(),
		partOf: (impersonationId) => {
			const room = context().rooms.get(impersonationId);
			return room ? ownPart(room.state) : null;
		},
		onError: (error) => context().onError(error, 'voice')
	});

export const makePeers = (context: () => HubContext, deps: HubDependencies): PeerHubs =>
	new PeerHubs({
		hubId: deps.hubId,
		now: () => context().now(),
		onPart: (hubId, impersonationId, part) => {
			const { rooms, now } = context();
			rooms.apply(impersonationId, { kind: 'peer-told', now: now(), hubId, part });
		},
		onLost: (hubId, impersonationIds) => {
			const { rooms, now } = context();
			for (const id of impersonationIds) rooms.apply(id, { kind: 'peer-lost', now: now(), hubId });
		},
		onAsked: () => context().voice.sayAll(),
		onMissed: () => context().voice.ask(),
		onSnapshot: (pageId) => context().snapshots.wantHere(pageId),
		onHelp: (word) => context().help.hear(word),
		onOrder: (request, order) => void context().control.orders.hear(request, order),
		onAnswer: (request, answer) => context().control.orders.hearAnswer(request, answer),
		onError: (error) => context().onError(error, 'peers')
	});

export const makeFeeds = (context: () => HubContext, deps: HubDependencies): PageFeeds =>
	new PageFeeds({
		liveLog: deps.liveLog,
		isHere: (pageId) => context().pages.adapter.rooms.has(pageRoom(pageId)),
		watched: () => context().watchers.followed(),
		relay: (batch) => context().watchers.relay(batch),
		nudge: (pageId) => context().watchers.nudge(pageId),
		onError: (error) => context().onError(error, 'feed')
	});

export const makeLease = (context: HubContext): HubLease =>
	new HubLease({
		deps: context.deps,
		onTakenForDead: async () => {
			context.deps.logger.warn({}, 'hub.taken_for_dead');
			await context.presence.leaveAll();
			// They come back by themselves and are logged anew, here or elsewhere.
			context.watchers.reconnectAll();
		},
		onError: (error) => context.onError(error, 'lease')
	});
