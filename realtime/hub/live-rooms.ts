// The running impersonations this hub knows: each a pure room, its names from the rows, and the carrying out of what a step
// says. Rows decide which exist (rights-sweep.ts); batches come through page-intake.ts.
import type { Namespace } from 'socket.io';
import type { AgencyId } from '#domain/ids.ts';
import type { RiskReason } from '#domain/risk-words.ts';
import type { RaisedHand } from '#protocol/help.ts';
import type { LiveSession, RecordFromHub, RecordToHub } from '#protocol/index.ts';
import { livePages, openRoom, stateForPages, stateForWatchers } from '#realtime/room/room-state.ts';
import { stepRoom, type RoomEvent } from '#realtime/room/room-step.ts';
import { WALL_INTERVAL_MS } from './hub-limits.ts';
import type { WatchConnections } from './watch-connections.ts';
import type { PeerPart, RoomEffect, RoomState, Standing } from '#realtime/room/room-types.ts';

export type RecordNamespace = Namespace<RecordToHub, RecordFromHub>;

/** A room with what never changes about its impersonation. */
export type LiveRoom = { agencyId: AgencyId; facts: LiveSession; state: RoomState };

export type LiveRoomsOptions = {
	now(): number;
	pages: RecordNamespace;
	watchers: WatchConnections;
	/** Highest stored number of a page. */
	got(pageId: string): number;
	/** What other hubs are known to hold of it. */
	peersOf(impersonationId: string): Iterable<{ hubId: string; part: PeerPart }>;
	/** What this hub itself holds of it changed; `isSeen`: beyond beats and activity. */
	onOwnChange(impersonationId: string, isSeen: boolean): void;
	/** The room is over and gone. */
	onClosed(impersonationId: string, room: LiveRoom): void;
};

/** socket.io room of an impersonation's recorded pages. */
export const pagesOf = (impersonationId: string): string => `impersonation:${impersonationId}`;

/** socket.io room of one page's connections, those included that hand over for it. */
export const pageRoom = (pageId: string): string => `page:${pageId}`;

const raisedIn = ({ facts, state }: LiveRoom): RaisedHand => ({
	impersonationId: facts.impersonationId,
	client: facts.client.name,
	staff: facts.staff,
	hand: state.standing.hand ?? null
});

export class LiveRooms {
	private readonly rooms = new Map<string, LiveRoom>();
	private readonly options: LiveRoomsOptions;
	private readonly changedOnWall = new Set<string>();
	/** When the hand was raised that those on duty were told of, while it is up. */
	private readonly toldHands = new Map<string, number>();
	private wallTimer: NodeJS.Timeout | null = null;

	constructor(options: LiveRoomsOptions) {
		this.options = options;
	}

	get(impersonationId: string): LiveRoom | undefined {
		return this.rooms.get(impersonationId);
	}

	known(): string[] {
		return [...this.rooms.keys()];
	}

	/** Number of running sessions and of connected pages. */
	counts(): { sessions: number; pages: number } {
		let pages = 0;
		for (const { state } of this.rooms.values())
			for (const page of state.pages.values()) if (page.connection !== null) pages++;
		return { sessions: this.rooms.size, pages };
	}

	/** Opens the room of an impersonation that the rows call active. Pages known from the rows are not connected yet. */
	open(facts: LiveSession, agencyId: AgencyId, standing: Standing): void {
		if (this.rooms.has(facts.impersonationId)) return;
		const now = this.options.now();
		this.rooms.set(facts.impersonationId, {
			agencyId,
			facts,
			state: openRoom(facts.impersonationId, standing)
		});
		for (const { pageId, address, title, openedAt } of facts.pages) {
			const got = this.options.got(pageId);
			const page = { pageId, address, title, openedAt, connection: null, got, hasSnapshot: got >= 0 };
			this.apply(facts.impersonationId, { kind: 'page-opened', now, ...page });
		}
		for (const { hubId, part } of this.options.peersOf(facts.impersonationId))
			this.apply(facts.impersonationId, { kind: 'peer-told', now, hubId, part });
		this.markWall(facts.impersonationId);
	}

	/** The connection here of an open page, wherever it belongs; null while there is none. */
	connectionOf(pageId: string): string | null {
		for (const { state } of this.rooms.values()) {
			const page = state.pages.get(pageId);
			if (page) return page.connection;
		}
		return null;
	}

	/** Applies an event, carries out its effects, and returns them. */
	apply(impersonationId: string, event: RoomEvent): RoomEffect[] {
		const room = this.rooms.get(impersonationId);
		if (!room) return [];
		const before = room.state;
		const step = stepRoom(before, event);
		room.state = step.state;
		if (before.pages !== step.state.pages || before.watchers !== step.state.watchers) {
			const isRoutine = event.kind === 'beat' || (event.kind === 'stored' && !event.hasSnapshot);
			this.options.onOwnChange(impersonationId, !isRoutine);
		}
		for (const effect of step.effects) this.carryOut(room, effect);
		return step.effects;
	}

	/** Gives every room the time, so that leases lapse and flushes end. */
	tick(): void {
		const now = this.options.now();
		for (const id of this.known()) this.apply(id, { kind: 'tick', now });
	}

	/** One session as watchers see it now. */
	session({ facts, state }: LiveRoom): LiveSession {
		return {
			...facts,
			...stateForWatchers(state, this.options.now()),
			recording: state.recording,
			activePageId: state.activePageId,
			pages: livePages(state)
		};
	}

	/** All running sessions of an agency. */
	sessionsOf(agencyId: string): LiveSession[] {
		return [...this.rooms.values()]
			.filter((room) => room.agencyId === agencyId && !room.state.ended)
			.map((room) => this.session(room));
	}

	/** What makes it worth a look was counted. */
	learnRisks(impersonationId: string, risks: RiskReason[]): void {
		const room = this.rooms.get(impersonationId);
		if (!room || JSON.stringify(room.facts.risks ?? []) === JSON.stringify(risks)) return;
		room.facts = { ...room.facts, risks };
		this.markWall(impersonationId);
	}

	stop(): void {
		if (this.wallTimer) clearTimeout(this.wallTimer);
	}

	private carryOut(room: LiveRoom, effect: RoomEffect): void {
		const { pages, watchers, now } = this.options;
		const { impersonationId } = room.facts;
		switch (effect.do) {
			case 'replace':
				pages.sockets.get(effect.connection)?.disconnect(true);
				return;
			case 'tell-pages':
				pages.to(pagesOf(impersonationId)).emit('session:changed', stateForPages(room.state, now()));
				return;
			case 'tell-watchers':
				watchers.tellSession(this.session(room));
				return this.markWall(impersonationId);
			case 'tell-ended':
				pages.to(pagesOf(impersonationId)).emit('session:ended', { reason: effect.reason });
				watchers.tellEnded(impersonationId, effect.reason);
				if (this.toldHands.delete(impersonationId))
					watchers.toDuty(room.agencyId, { ...raisedIn(room), hand: null });
				return watchers.toWall(room.agencyId, 'wall:gone', { impersonationId });
			case 'close':
				pages.in(pagesOf(impersonationId)).disconnectSockets(true);
				this.rooms.delete(impersonationId);
				return this.options.onClosed(impersonationId, room);
			case 'relay':
				// The bytes are with the intake, which reads this effect from what apply() returns.
				return;
		}
	}

	/** Those who ask for help in an agency. */
	handsOf(agencyId: string): RaisedHand[] {
		return [...this.rooms.values()]
			.filter((room) => room.agencyId === agencyId && room.state.standing.hand && !room.state.ended)
			.map(raisedIn);
	}

	private tellHand(impersonationId: string, room: LiveRoom): void {
		const at = room.state.standing.hand?.at ?? null;
		if (at === (this.toldHands.get(impersonationId) ?? null)) return;
		if (at === null) this.toldHands.delete(impersonationId);
		else this.toldHands.set(impersonationId, at);
		this.options.watchers.toDuty(room.agencyId, raisedIn(room));
	}

	private markWall(impersonationId: string): void {
		this.changedOnWall.add(impersonationId);
		this.wallTimer ??= setTimeout(() => this.tellWall(), WALL_INTERVAL_MS);
	}

	private tellWall(): void {
		this.wallTimer = null;
		for (const id of this.changedOnWall) {
			const room = this.rooms.get(id);
			if (!room || room.state.ended) continue;
			this.options.watchers.toWall(room.agencyId, 'wall:changed', this.session(room));
			this.tellHand(id, room);
		}
		this.changedOnWall.clear();
	}
}
