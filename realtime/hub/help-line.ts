// Help on the sockets: its events with their rates, and its words to whom they concern, here and at the other hubs. What is allowed
// and kept is realtime/supervision.
import { z } from 'zod';
import { isAppError } from '#domain/errors.ts';
import { mayHelp } from '#domain/watch-role.ts';
import {
	drawMessage,
	handMessage,
	insideMessage,
	pointMessage,
	sketchMessage,
	tilesMessage,
	watchSession,
	writeMessage,
	type HelpWord,
	type Mark
} from '#protocol/index.ts';
import { allPages } from '#realtime/room/room-peers.ts';
import { HelpDesk, type HelpRows, type Watching } from '#realtime/supervision/help-desk.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import {
	CHAT_BURST,
	CHAT_PER_SECOND,
	EVENT_BURST,
	EVENT_PER_SECOND,
	HELP_TICK_MS,
	MOVE_BURST,
	MOVE_PER_SECOND,
	SKETCH_BURST,
	SKETCH_PER_SECOND
} from './hub-limits.ts';
import { pageRoom, pagesOf, type LiveRooms, type RecordNamespace } from './live-rooms.ts';
import { RateBucket } from './rate-bucket.ts';
import { refusalOf } from './refusals.ts';
import { parsed, type Answer, type EventRule } from './serve-events.ts';
import type { WatchConnection, WatchConnections } from './watch-connections.ts';

const nothing = z.unknown();

type Handled = object | void;

/** A rule whose answer is what the handler returns, or why it refused. */
export function answeredRule<T>(
	rate: RateBucket,
	schema: z.ZodType<T>,
	handle: (payload: T) => Promise<Handled> | Handled
): EventRule {
	return {
		admits: (now) => rate.take(now),
		handle: async (args, answer: Answer) => {
			const payload = parsed(schema, args[0]);
			try {
				answer({ ok: true, ...(await handle(payload)) });
			} catch (error) {
				if (!isAppError(error)) throw error;
				answer({ ok: false, refusal: refusalOf(error) });
			}
		}
	};
}

export const watching = ({ actor, origin, watcher, watching: at, role }: WatchConnection): Watching => ({
	actor,
	origin,
	name: watcher.name,
	role,
	watching: at
});

export type HelpLineOptions = {
	rows: HelpRows;
	now(): number;
	pages: RecordNamespace;
	rooms: LiveRooms;
	watchers: WatchConnections;
	/** Tells the other hubs. */
	say(word: HelpWord): void;
	onError(error: unknown): void;
};

export class HelpLine {
	readonly desk: HelpDesk;
	private readonly options: HelpLineOptions;
	private timer: NodeJS.Timeout | null = null;

	constructor(options: HelpLineOptions) {
		this.options = options;
		const { rows, now, rooms, say, onError } = options;
		this.desk = new HelpDesk({
			rows,
			now,
			sessionOf: (agencyId, impersonationId) => {
				const room = rooms.get(impersonationId);
				if (room?.agencyId !== agencyId || room.state.ended) return null;
				const { staff } = room.facts;
				return {
					staff: { staffId: staff.id, name: staff.name },
					hasPage: (pageId) => allPages(room.state).has(pageId),
					pageNow: (pageId) => {
						const page = room.state.pages.get(pageId);
						return page?.connection ? { address: page.address, isShown: page.visible } : null;
					}
				};
			},
			tell: (word) => {
				this.deliver(word);
				say(word);
			},
			onError
		});
	}

	start(): void {
		this.timer = setInterval(() => void this.desk.flush(), HELP_TICK_MS);
	}

	/** What was shown until now is kept. */
	async stop(): Promise<void> {
		if (this.timer) clearInterval(this.timer);
		await this.desk.flush(true);
	}

	/** A watcher's events; `guard` asks for the right to be shown anything at all. */
	rulesOfWatcher(
		connection: WatchConnection,
		guard: (rule: EventRule) => EventRule
	): Record<string, EventRule> {
		const { desk } = this;
		const moves = new RateBucket(MOVE_BURST, MOVE_PER_SECOND);
		const lines = new RateBucket(CHAT_BURST, CHAT_PER_SECOND);
		const others = new RateBucket(EVENT_BURST, EVENT_PER_SECOND);
		const rules = {
			'wall:tiles': answeredRule(others, tilesMessage, ({ isOn }) => this.showTiles(connection, isOn)),
			'duty:open': answeredRule(others, nothing, () => {
				connection.onDuty = true;
				const { agencyId } = connection.actor;
				return { hands: mayHelp(connection.role) ? this.options.rooms.handsOf(agencyId) : [] };
			}),
			'help:open': answeredRule(others, watchSession, ({ impersonationId }) =>
				desk.openFor(watching(connection), impersonationId)
			),
			'help:write': answeredRule(lines, writeMessage, (what) => desk.write(watching(connection), what)),
			'help:answer': answeredRule(lines, watchSession, ({ impersonationId }) =>
				desk.answer(watching(connection), impersonationId)
			),
			'help:point': answeredRule(moves, pointMessage, (what) => desk.point(watching(connection), what)),
			'help:draw': answeredRule(moves, drawMessage, (what) => desk.draw(watching(connection), what))
		};
		return Object.fromEntries(Object.entries(rules).map(([name, each]) => [name, guard(each)]));
	}

	/** A recorded page's events. One that only hands over an earlier document's rest has nobody before it. */
	rulesOfPage(identity: RecorderIdentity): Record<string, EventRule> {
		const { desk } = this;
		const { agencyId, impersonationId } = identity;
		const lines = new RateBucket(CHAT_BURST, CHAT_PER_SECOND);
		const others = new RateBucket(EVENT_BURST, EVENT_PER_SECOND);
		const sketches = new RateBucket(SKETCH_BURST, SKETCH_PER_SECOND);
		return {
			'help:sketch': answeredRule(sketches, sketchMessage, (sketch) => desk.sketch(identity, sketch)),
			'help:open': answeredRule(others, nothing, () => desk.conversation(agencyId, impersonationId)),
			'help:write': answeredRule(lines, insideMessage, ({ text }) => desk.writeInside(identity, text)),
			'help:hand': answeredRule(lines, handMessage, (hand) => desk.hand(identity, hand))
		};
	}

	/** A word of another hub. */
	hear(word: HelpWord): void {
		if (word.about === 'sketch') this.desk.sketches.note(word.impersonationId, word.pageId, word.sketch);
		this.deliver(word);
	}

	private showTiles(connection: WatchConnection, isOn: boolean): void {
		const { rooms } = this.options;
		connection.onTiles = isOn;
		if (!isOn) return;
		for (const { impersonationId, activePageId } of rooms.sessionsOf(connection.actor.agencyId)) {
			const sketch = activePageId && this.desk.sketches.of(impersonationId, activePageId);
			if (sketch) connection.socket.emit('wall:sketch', { impersonationId, pageId: activePageId, sketch });
		}
	}

	private deliver(word: HelpWord): void {
		const { pages, watchers } = this.options;
		const { impersonationId } = word;
		switch (word.about) {
			case 'message':
				pages.to(pagesOf(impersonationId)).emit('help:message', word.message);
				for (const { socket } of watchers.watchersOf(impersonationId))
					socket.emit('help:message', word.message);
				return;
			case 'mark':
				return this.deliverMark(impersonationId, word.mark);
			case 'sketch':
				return this.deliverSketch(impersonationId, word.pageId);
		}
	}

	private deliverMark(impersonationId: string, mark: Mark): void {
		const { pages, watchers } = this.options;
		pages.to(pageRoom(mark.pageId)).emit('help:mark', mark);
		for (const { socket } of watchers.watchersOf(impersonationId)) socket.emit('help:mark', mark);
	}

	private deliverSketch(impersonationId: string, pageId: string): void {
		const { rooms, watchers } = this.options;
		const room = rooms.get(impersonationId);
		const sketch = this.desk.sketches.of(impersonationId, pageId);
		// A tile shows the page that is being used.
		if (!room || !sketch || room.state.ended || room.state.activePageId !== pageId) return;
		watchers.toTiles(room.agencyId, { impersonationId, pageId, sketch });
	}
}
