// Control on the sockets: its events with their rates, and orders to pages here and at other hubs. What is allowed is
// realtime/supervision; the page refuses once more.
import { mayModerate } from '#domain/watch-role.ts';
import {
	CONTROL_DEEDS,
	controlAnswerMessage,
	controlTakeMessage,
	steerMessage,
	watchSession,
	type ControlAnswer,
	type ControlEvent,
	type ControlOrder
} from '#protocol/index.ts';
import { allPages } from '#realtime/room/room-peers.ts';
import { ControlDesk, type ControlRows, type Steering } from '#realtime/supervision/control-desk.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import { answeredRule, watching } from './help-line.ts';
import {
	CHAT_BURST,
	CHAT_PER_SECOND,
	CONTROL_KEPT_MS,
	MOVE_BURST,
	MOVE_PER_SECOND,
	ORDER_WAIT_MS
} from './hub-limits.ts';
import type { LiveRooms, RecordNamespace } from './live-rooms.ts';
import { PageOrders } from './page-orders.ts';
import { RateBucket } from './rate-bucket.ts';
import type { EventRule } from './serve-events.ts';
import type { WatchConnection } from './watch-connections.ts';

export type ControlLineOptions = {
	hubId: string;
	now(): number;
	rows: ControlRows;
	pages: RecordNamespace;
	rooms: LiveRooms;
	isElsewhere(pageId: string): boolean;
	/** Tells the other hubs. */
	say(request: string, order: ControlOrder): void;
	answer(request: string, answer: ControlAnswer): void;
	onError(error: unknown): void;
};

const EVENTS = Object.keys(CONTROL_DEEDS) as ControlEvent[];

const steering = (connection: WatchConnection): Steering => ({
	...watching(connection),
	connection: connection.socket.id,
	isHere: (impersonationId) =>
		connection.socket.connected && connection.watching === impersonationId && mayModerate(connection.role)
});

export class ControlLine {
	readonly desk: ControlDesk;
	readonly orders: PageOrders;
	private timer: NodeJS.Timeout | null = null;

	constructor(options: ControlLineOptions) {
		const { rooms, pages } = options;
		this.orders = new PageOrders({
			...options,
			askHere: (order) => {
				const connection = rooms.connectionOf(order.pageId);
				const socket = connection === null ? undefined : pages.sockets.get(connection);
				return socket ? socket.timeout(ORDER_WAIT_MS).emitWithAck('control:do', order) : null;
			}
		});
		this.desk = new ControlDesk({
			...options,
			send: (order) => this.orders.send(order),
			sessionOf: (agencyId, impersonationId) => {
				const room = rooms.get(impersonationId);
				if (room?.agencyId !== agencyId || room.state.ended) return null;
				const { control = null, frozen } = room.state.standing;
				return {
					staffId: room.facts.staff.id,
					isFrozen: frozen !== null,
					control,
					hasPage: (pageId) => allPages(room.state).has(pageId)
				};
			}
		});
	}

	start(): void {
		this.timer = setInterval(() => void this.desk.keep(), CONTROL_KEPT_MS);
	}

	async stop(): Promise<void> {
		if (this.timer) clearInterval(this.timer);
		await this.desk.stop();
	}

	/** A watcher's events; `guard` asks for the right to be shown anything at all. */
	rulesOfWatcher(
		connection: WatchConnection,
		guard: (rule: EventRule) => EventRule
	): Record<string, EventRule> {
		const { desk } = this;
		const deeds = new RateBucket(MOVE_BURST, MOVE_PER_SECOND);
		const asks = new RateBucket(CHAT_BURST, CHAT_PER_SECOND);
		const rules: Record<string, EventRule> = {
			'control:ask': answeredRule(asks, watchSession, ({ impersonationId }) =>
				desk.ask(steering(connection), impersonationId)
			),
			'control:release': answeredRule(asks, watchSession, ({ impersonationId }) =>
				desk.release(steering(connection), impersonationId)
			)
		};
		for (const event of EVENTS)
			rules[event] = answeredRule(deeds, steerMessage(event), async ({ deed, ...aim }) => ({
				answer: await desk.steer(steering(connection), aim, deed)
			}));
		return Object.fromEntries(Object.entries(rules).map(([name, each]) => [name, guard(each)]));
	}

	/** A recorded page's events: the one inside lets somebody steer, and takes control back. */
	rulesOfPage(identity: RecorderIdentity): Record<string, EventRule> {
		const { desk } = this;
		const answers = new RateBucket(CHAT_BURST, CHAT_PER_SECOND);
		return {
			'control:answer': answeredRule(answers, controlAnswerMessage, (what) => desk.answer(identity, what)),
			'control:take': answeredRule(answers, controlTakeMessage, (what) => desk.takeBack(identity, what))
		};
	}
}
