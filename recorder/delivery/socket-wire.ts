// The connection to the hub: socket.io over WebSocket only, on the page's own host. Answers beats itself, in the message
// handler, since timers of a hidden tab fire once a minute (design.md §5.7).
import { io, type Socket } from 'socket.io-client';
import { HUB_PATH, PROTOCOL_VERSION } from '#protocol/limits.ts';
import type { AppendHeader, RECORD_NAMESPACE, RecordFromHub, RecordToHub } from '#protocol/record.ts';
import type { Refusal } from '#protocol/refusals.ts';
import { ANSWER_TIMEOUT_MS, RETRY_MS } from './limits.ts';
import { readClock } from './page-time.ts';
import type { HelpTold, Wire, WireEvents, WireOptions } from './wire.ts';

// Written again, and held to the wire by its type: importing the value would bring zod into the recorder.
const NAMESPACE: typeof RECORD_NAMESPACE = '/record';

const PUT_OFF: readonly Refusal[] = ['try_later', 'too_fast'];

type RecordSocket = Socket<RecordFromHub, RecordToHub>;
type Asking = { emit(event: string, ...args: unknown[]): void };

/** Opens /record for one page. Reconnects by itself until refused or closed. */
export function openSocketWire({ ticket, handover }: WireOptions, events: WireEvents): Wire {
	const socket: RecordSocket = io(NAMESPACE, {
		path: HUB_PATH,
		transports: ['websocket'],
		// The ticket stands in the handshake only, never in a compressed message [W4].
		auth: { version: PROTOCOL_VERSION, ticket, handover },
		// A page's own socket and one for a hand-over carry different tickets, so they must not share a connection.
		multiplex: false,
		reconnectionDelay: 250,
		reconnectionDelayMax: 3_000
	});
	const retry = createRetry(socket);
	let takesText = false;
	socket.on('record:ready', (ready) => {
		takesText = ready.takesText === true;
		events.onReady(ready);
	});
	socket.on('record:safe', ({ safe }) => events.onSafe(safe));
	socket.on('record:snapshot', events.onSnapshotWanted);
	socket.on('beat:ask', (answer) => {
		answer(readClock());
		events.onBeat();
	});
	socket.on('session:changed', events.onState);
	socket.on('session:ended', events.onEnded);
	// Everything else: whoever helps or steers knows what is meant for them.
	socket.onAny((event: string, payload: unknown, reply: unknown) =>
		events.onHelp?.({ event, payload, reply } as HelpTold)
	);
	socket.on('record:refused', ({ refusal }) => {
		if (!PUT_OFF.includes(refusal)) events.onRefused(refusal);
	});
	socket.on('disconnect', (reason) => {
		events.onDown();
		// The hub closes single sockets without ending the impersonation, too; if it did end, the handshake says so.
		if (reason === 'io server disconnect') retry.later();
	});
	socket.on('connect_error', (error: Error & { data?: { refusal?: Refusal } }) => {
		events.onDown();
		// While active, socket.io tries again by itself: the network, not the hub, said no.
		if (socket.active) return;
		const refusal = error.data?.refusal ?? (error.message as Refusal);
		if (PUT_OFF.includes(refusal)) retry.later();
		else events.onRefused(refusal);
	});
	return {
		append: (header, bytes, reply) =>
			socket
				.timeout(ANSWER_TIMEOUT_MS)
				.emit('record:append', header, takesText ? contentOf(header, bytes) : bytes, (error, answer) =>
					reply(error ? null : answer)
				),
		where: (where) => socket.emit('record:where', where),
		ask: ({ event, payload, reply }) => {
			const answered = (error: Error | null, answer: unknown): void => reply(error ? null : answer);
			// One name for all: what each takes and answers is its caller's to know.
			const asking = socket.timeout(ANSWER_TIMEOUT_MS) as unknown as Asking;
			if (payload === undefined) asking.emit(event, answered);
			else asking.emit(event, payload, answered);
		},
		close: () => {
			retry.stop();
			socket.disconnect();
		}
	};
}

const decoder = new TextDecoder();

/** A batch in one part goes as text, which is one message instead of two [R22]. */
const contentOf = ({ parts }: AppendHeader, bytes: Uint8Array): Uint8Array | string =>
	parts === 1 ? decoder.decode(bytes) : bytes;

function createRetry(socket: RecordSocket): { later(): void; stop(): void } {
	let timer: ReturnType<typeof setTimeout> | undefined;
	return {
		later: () => {
			clearTimeout(timer);
			timer = setTimeout(() => socket.connect(), RETRY_MS);
		},
		stop: () => clearTimeout(timer)
	};
}
