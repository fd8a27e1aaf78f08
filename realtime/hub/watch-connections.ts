// The connected watchers and what each may be shown. Every delivery to a watcher goes through here, so the right is asked
// before each one [V1].
import type { Socket } from 'socket.io';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { mayHelp, mayModerate, type WatchRole } from '#domain/watch-role.ts';
import type { RaisedHand } from '#protocol/help.ts';
import type { LiveEntry, LiveSession, Watcher, WatchFromHub, WatchToHub } from '#protocol/index.ts';
import type { StoredBatch } from '#server/ports/live-log.ts';
import { WATCHER_BUFFER_BYTES } from './hub-limits.ts';
import type { PageStream } from './page-stream.ts';
import { unsentBytes } from './unsent-bytes.ts';

// socket.io reads no types at run time: what comes in is `unknown` until serve-events has parsed it.
export type WatchSocket = Socket<WatchToHub, WatchFromHub>;

export type WatchConnection = {
	socket: WatchSocket;
	actor: StaffActor;
	watcher: Watcher;
	origin: Origin;
	/** Cleared by the sweep and never set again: a new right needs a new connection. */
	allowed: boolean;
	onWall: boolean;
	/** Wants to know of whoever asks for help. */
	onDuty: boolean;
	/** Wireframes are shown on that wall. */
	onTiles: boolean;
	/** What it may do beside looking, as the last sweep says. */
	role: WatchRole;
	/** Being logged: nothing is shown yet [V3]. */
	joining: string | null;
	watching: string | null;
	/** The page asked for last, from the question on. */
	wants: string | null;
	stream: PageStream | null;
	/** It takes batches as text: framed once for all who do, in one message instead of two [V8]. */
	takesText: boolean;
};

/** Time for the refusal to be read before the connection is cut. */
const DROP_AFTER_MS = 400;

export type WatchConnectionsOptions = {
	/** False once the rights in memory are too old to be trusted. */
	isFresh(): boolean;
	/** Sends a batch to connections, in one go. */
	send(batch: StoredBatch, to: readonly WatchConnection[]): void;
	/** A connection may watch on, but steer no more. */
	onLowered(connection: string): void;
};

export class WatchConnections {
	private readonly all = new Set<WatchConnection>();
	/** Who is shown a page, so that a batch of it concerns nobody else. */
	private readonly shown = new Map<string, Set<WatchConnection>>();
	private readonly options: WatchConnectionsOptions;

	constructor(options: WatchConnectionsOptions) {
		this.options = options;
	}

	get size(): number {
		return this.all.size;
	}

	add(connection: WatchConnection): void {
		this.all.add(connection);
	}

	remove(connection: WatchConnection): void {
		this.endStream(connection);
		this.all.delete(connection);
	}

	/** Whatever it was shown so far ends. */
	showStream(connection: WatchConnection, stream: PageStream): void {
		this.endStream(connection);
		connection.stream = stream;
		const watching = this.shown.get(stream.pageId) ?? new Set();
		this.shown.set(stream.pageId, watching.add(connection));
	}

	endStream(connection: WatchConnection): void {
		const { stream } = connection;
		if (!stream) return;
		stream.stop();
		connection.stream = null;
		const watching = this.shown.get(stream.pageId);
		watching?.delete(connection);
		if (watching?.size === 0) this.shown.delete(stream.pageId);
	}

	/** Staff sessions to ask the rows about. */
	sessions(): string[] {
		return [...new Set([...this.all].map((connection) => connection.actor.sessionId))];
	}

	mayDeliver(connection: WatchConnection): boolean {
		return connection.allowed && this.options.isFresh();
	}

	watchersOf(impersonationId: string): WatchConnection[] {
		return this.reach((connection) => connection.watching === impersonationId);
	}

	toWall(agencyId: string, event: 'wall:changed', payload: LiveSession): void;
	toWall(agencyId: string, event: 'wall:gone', payload: { impersonationId: string }): void;
	toWall(agencyId: string, event: 'wall:changed' | 'wall:gone', payload: never): void {
		for (const { socket } of this.reach((c) => c.onWall && c.actor.agencyId === agencyId))
			socket.emit(event, payload);
	}

	/** Whether somebody has a wall of that agency open. */
	hasWall(agencyId: string): boolean {
		for (const { onWall, actor } of this.all) if (onWall && actor.agencyId === agencyId) return true;
		return false;
	}

	/** A call for help, or its end, to those on duty who may help. */
	toDuty(agencyId: string, raised: RaisedHand): void {
		for (const { socket, role } of this.reach((c) => c.onDuty && c.actor.agencyId === agencyId))
			if (mayHelp(role)) socket.emit('duty:hand', raised);
	}

	/** A wireframe to the walls that show them. */
	toTiles(agencyId: string, sketch: Parameters<WatchFromHub['wall:sketch']>[0]): void {
		for (const { socket } of this.reach((c) => c.onTiles && c.actor.agencyId === agencyId))
			socket.emit('wall:sketch', sketch);
	}

	tellSession(session: LiveSession): void {
		for (const { socket } of this.watchersOf(session.impersonationId))
			socket.emit('session:changed', session);
	}

	tellEnded(impersonationId: string, reason: string): void {
		for (const { socket } of this.watchersOf(impersonationId))
			socket.emit('session:ended', { impersonationId, reason });
	}

	tellEntry(impersonationId: string, agencyId: string, entry: LiveEntry): void {
		for (const { socket, actor } of this.watchersOf(impersonationId))
			if (actor.agencyId === agencyId) socket.emit('entry:logged', entry);
	}

	/** Hands a stored batch to all who follow its page; streams ask for the right themselves. */
	relay(batch: StoredBatch): void {
		const taking: WatchConnection[] = [];
		for (const connection of this.shown.get(batch.pageId) ?? [])
			if (connection.watching === batch.impersonationId && connection.stream?.takes(batch))
				taking.push(connection);
		if (taking.length > 0) this.options.send(batch, taking);
	}

	/** Pages that somebody is shown. */
	followed(): Set<string> {
		const pages = new Set(this.shown.keys());
		// Its feed is being begun: looked at now, it would be ended again.
		for (const { wants } of this.all) if (wants) pages.add(wants);
		return pages;
	}

	/** More of a page is in the log than was relayed. */
	nudge(pageId: string): void {
		for (const { stream } of this.shown.get(pageId) ?? []) stream?.nudge();
	}

	/** Cuts all connections; clients come back by themselves. */
	reconnectAll(): void {
		// At once: one that empties its buffer first would go after it came anew, and end the new watch.
		for (const { socket } of this.all) socket.conn.close(true);
	}

	/** Drops everyone whose session is not among those that may watch. */
	revokeExcept(mayWatch: ReadonlyMap<string, WatchRole>, asked: ReadonlySet<string>): void {
		for (const connection of this.all) {
			const { sessionId } = connection.actor;
			const had = mayModerate(connection.role);
			connection.role = mayWatch.get(sessionId) ?? connection.role;
			// Attack: control that outlives its right. Everything that the one inside does would be refused as the holder's.
			if (had && !mayModerate(connection.role)) this.options.onLowered(connection.socket.id);
			if (mayWatch.has(sessionId) || !asked.has(sessionId) || !connection.allowed) continue;
			connection.allowed = false;
			connection.stream?.stop();
			connection.socket.emit('watch:refused', { refusal: 'not_allowed' });
			connection.socket.disconnect(true);
			// Attack: one who reads slowly on purpose would keep the connection until all that waits was read.
			const { conn } = connection.socket;
			setTimeout(() => conn.close(true), DROP_AFTER_MS).unref();
		}
	}

	/** All who watch an impersonation, whatever their rights: for farewells. */
	presentAt(impersonationId: string): WatchConnection[] {
		return [...this.all].filter((connection) => connection.watching === impersonationId);
	}

	private reach(concerns: (connection: WatchConnection) => boolean): WatchConnection[] {
		return [...this.all].filter(
			(connection) => concerns(connection) && this.mayDeliver(connection) && !cutWhereNotRead(connection)
		);
	}
}

/**
 * Attack: a watcher who reads nothing, for whom all that the wall and its helpers say would wait in the hub's memory. They are
 * let go and come back by themselves, if there is anybody.
 */
function cutWhereNotRead({ socket }: WatchConnection): boolean {
	const isTooMuch = unsentBytes(socket.conn) > WATCHER_BUFFER_BYTES;
	if (isTooMuch) socket.conn.close(true);
	return isTooMuch;
}
