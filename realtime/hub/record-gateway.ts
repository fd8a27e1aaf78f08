// Namespace /record: who may connect as a recording page, and what such a connection may say. What becomes of a batch is
// page-intake.ts; what follows for the impersonation is the room.
import type { Socket } from 'socket.io';
import { z } from 'zod';
import {
	appendHeader,
	BEAT_INTERVAL_MS,
	MAX_PART_BYTES,
	recordHandshake,
	whereMessage,
	type AppendReply,
	type RecordFromHub,
	type RecordToHub
} from '#protocol/index.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import { allPages } from '#realtime/room/room-peers.ts';
import { stateForPages } from '#realtime/room/room-state.ts';
import { BeatAsker } from './beat-asker.ts';
import { joinGuard } from './join-guard.ts';
import * as limits from './hub-limits.ts';
import { Handovers } from './handovers.ts';
import type { HubContext } from './hub-context.ts';
import { pageRoom, pagesOf } from './live-rooms.ts';
import { PartJoiner } from './part-joiner.ts';
import type { PageIntake } from './page-intake.ts';
import { RateBucket } from './rate-bucket.ts';
import { handshakeError } from './refusals.ts';
import { Malformed, parsed, serveEvents, type EventRule } from './serve-events.ts';

type RecordSocket = Socket<RecordToHub, RecordFromHub, Record<string, never>, Recorder>;
type Recorder = { identity: RecorderIdentity; handover: boolean; claim: number };

const partContent = z.union([z.string(), z.instanceof(Uint8Array)]);
const sizeOf = (content: unknown): number =>
	typeof content === 'string' || content instanceof Uint8Array ? Buffer.byteLength(content) : 0;
const TICKET_ONLY = z.object({ version: z.unknown() });

/** Serves the namespace. */
export function serveRecord(context: HubContext): void {
	const { pages, gate, metrics, deps } = context;
	const handovers = new Handovers();
	pages.use((socket: RecordSocket, next) => {
		const refuse = (refusal: Parameters<typeof handshakeError>[0]): void => {
			metrics.refusals.inc({ refusal });
			next(handshakeError(refusal));
		};
		if (gate.sideOf(socket.request) !== 'portal') return refuse('not_allowed');
		if (!joinGuard(socket.conn)) return refuse('too_fast');
		const handshake = recordHandshake.safeParse(socket.handshake.auth);
		if (!handshake.success)
			return refuse(TICKET_ONLY.safeParse(socket.handshake.auth).success ? 'client_too_old' : 'malformed');
		const { ticket, handover = false } = handshake.data;
		deps
			.resolveRecorder({ cookieHeader: socket.handshake.headers.cookie, ticket })
			.then(async (resolved) => {
				if (!resolved.ok) return refuse(resolved.refusal);
				const refusal = await admit(context, resolved.identity, handover);
				if (refusal) return refuse(refusal);
				if (handover && !handovers.admit(resolved.identity.impersonationId, socket.conn))
					return refuse('too_fast');
				const claim = await claimPage(context, resolved.identity);
				socket.data = { identity: resolved.identity, handover, claim };
				next();
			})
			.catch((error: unknown) => {
				context.onError(error, 'record.handshake');
				refuse('try_later');
			});
	});
	pages.on('connection', (socket: RecordSocket) => welcome(context, socket));
}

/** Why a known page may not connect after all, or null. */
async function admit(context: HubContext, identity: RecorderIdentity, handover: boolean) {
	const { rooms, sweep } = context;
	// The impersonation may be younger than the last sweep.
	if (!rooms.get(identity.impersonationId)) await sweep.now();
	const room = rooms.get(identity.impersonationId);
	// Rows said a moment ago that it is open, so a sweep that failed is no end: told of one, the page would drop what it holds.
	if (!room || context.isStopping()) return 'try_later';
	const open = [...allPages(room.state).values()].filter((page) => page.goneAt === null);
	const isNew = !handover && !open.some((page) => page.pageId === identity.pageId);
	return isNew && open.length >= limits.MAX_PAGES ? 'too_fast' : null;
}

/** From here on this process writes the page, and `got` is the truth of it [R19]. */
async function claimPage({ deps }: HubContext, identity: RecorderIdentity): Promise<number> {
	const { impersonationId, pageId, sealedSeq } = identity;
	const claim = await deps.liveLog.claim(pageId);
	if (deps.liveLog.got(pageId) >= sealedSeq) return claim;
	// The log was lost or left behind, the blocks were not: the page goes on behind those [R13].
	await deps.liveLog.seed({ pageId, impersonationId, upToSeq: sealedSeq });
	return deps.liveLog.claim(pageId);
}

function welcome(context: HubContext, socket: RecordSocket): void {
	const { rooms, pulses, now, onError } = context;
	const { identity, handover, claim } = socket.data;
	const { impersonationId, pageId } = identity;
	const intake = context.intakeOf(identity);
	const beats = beatsOf(context, socket, intake);
	const got = intake.standing;
	const connection = handover ? null : socket.id;
	rooms.apply(impersonationId, {
		kind: 'page-opened',
		now: now(),
		pageId,
		connection,
		...identity.page,
		got,
		// A hand-over is no newer connection of the page.
		claim: handover ? undefined : claim
	});
	if (!handover) pulses.note(impersonationId, pageId, { closed: false });
	void socket.join([pagesOf(impersonationId), pageRoom(pageId)]);
	context.feeds.moved(pageId);
	const joiner = new PartJoiner();
	serveEvents(socket, {
		now,
		rules: {
			'record:append': appendRule(context, socket, { intake, beats, joiner }),
			'record:where': whereRule(context, socket),
			...(handover ? {} : { ...context.help.rulesOfPage(identity), ...context.control.rulesOfPage(identity) })
		},
		onRefused: (refusal) => context.metrics.refusals.inc({ refusal }),
		onError: (error, event) => context.onError(error, event),
		tellRefused: (refusal) => socket.emit('record:refused', { refusal })
	});
	const sweepParts = setInterval(() => joiner.dropStale(now()), limits.PARTS_DEADLINE_MS / 4);
	socket.on('disconnect', () => {
		clearInterval(sweepParts);
		beats.stop();
		if (connection !== null)
			rooms.apply(impersonationId, { kind: 'page-gone', now: now(), pageId, connection });
		context.feeds.moved(pageId);
		// Connected anew, here or at another hub: it is not closed.
		if (isConnected(context, impersonationId, pageId)) return;
		if (connection !== null) pulses.note(impersonationId, pageId, { closed: true });
		// Sealing looks at the row to know that nothing is to be waited for.
		const sealed = pulses.flush().then(() => context.sealing.closed(pageId));
		sealed.catch((error: unknown) => onError(error, 'record.closed'));
	});
	// The question first, the invitation to send next: so the clock is known before any batch arrives [R8].
	beats.start();
	const room = rooms.get(impersonationId);
	if (!room) return void socket.disconnect(true);
	const state = stateForPages(room.state, now());
	socket.emit('record:ready', {
		got,
		safe: Math.min(identity.sealedSeq, got),
		storeKey: context.deps.storeKeyOf(impersonationId),
		takesText: true,
		watched: state.watchers.length > 0,
		state
	});
	// A hub died between the first snapshot and its row: the gate waits for a snapshot that rows know of.
	if (!handover && got >= 0 && !identity.page.hasSnapshot) context.snapshots.want(pageId);
	if (room.state.ended) socket.emit('session:ended', { reason: room.state.ended.reason });
}

function isConnected({ rooms }: HubContext, impersonationId: string, pageId: string): boolean {
	const room = rooms.get(impersonationId);
	return room !== undefined && allPages(room.state).get(pageId)?.goneAt === null;
}

function beatsOf({ rooms, pulses, now }: HubContext, socket: RecordSocket, intake: PageIntake): BeatAsker {
	const { identity, handover } = socket.data;
	const { impersonationId, pageId } = identity;
	return new BeatAsker({
		now,
		ask: (answered) =>
			socket.timeout(2 * BEAT_INTERVAL_MS).emit('beat:ask', (error: Error | null, answer: unknown) => {
				if (!error) answered(answer);
			}),
		onBeat: (at) => {
			if (handover || !socket.connected) return;
			rooms.apply(impersonationId, { kind: 'beat', now: at, pageId, connection: socket.id });
			// The farewell of an older connection at another hub may have come later than ours began.
			pulses.note(impersonationId, pageId, { closed: false });
			pulses.beat(impersonationId, pageId, intake.keptUntil(at));
		},
		onReading: (clock, wallMs) => {
			// A hand-over is answered by another document, whose clocks stand elsewhere.
			if (!handover) intake.offsets.note(clock, wallMs);
		},
		// Attack: an answer that is no clock would poison the timeline; whoever sends one is not our recorder.
		onMalformed: () => void socket.disconnect(true)
	});
}

type Receiving = { intake: PageIntake; beats: BeatAsker; joiner: PartJoiner };

function appendRule(
	context: HubContext,
	socket: RecordSocket,
	{ intake, beats, joiner }: Receiving
): EventRule {
	const messages = new RateBucket(limits.APPEND_BURST, limits.APPEND_PER_SECOND);
	const bytesRate = new RateBucket(limits.APPEND_BYTES_BURST, limits.APPEND_BYTES_PER_SECOND);
	return {
		admits: (now, [, content]) => messages.take(now) && bytesRate.take(now, sizeOf(content)),
		refusalExtra: () => ({ got: intake.got }),
		handle: (args, answer: (reply: AppendReply) => void) => {
			if (args.length !== 2) throw new Malformed('arguments');
			const header = parsed(appendHeader, args[0]);
			const content = parsed(partContent, args[1]);
			if (context.isStopping()) return answer(intake.refused('try_later'));
			if (sizeOf(content) > MAX_PART_BYTES) return answer(intake.refused('too_large'));
			const early = intake.judgePart(header);
			if (early) return answer(early);
			const joined = joiner.take(header, content, context.now());
			if ('error' in joined) throw new Malformed('parts');
			if (!joined.done) return answer({ ok: true, got: intake.got });
			const { handover } = socket.data;
			intake.take({
				seq: header.seq,
				content: joined.content,
				clock: header.clock,
				readings: beats.readings(),
				countsAsActivity: !handover,
				answer
			});
		}
	};
}

function whereRule({ rooms, pulses, now }: HubContext, socket: RecordSocket): EventRule {
	const rate = new RateBucket(limits.EVENT_BURST, limits.EVENT_PER_SECOND);
	const { identity, handover } = socket.data;
	const { impersonationId, pageId } = identity;
	return {
		admits: (at) => rate.take(at),
		handle: (args) => {
			const where = parsed(whereMessage, args[0]);
			if (handover || rooms.get(impersonationId)?.state.ended) return;
			rooms.apply(impersonationId, { kind: 'page-where', now: now(), pageId, ...where });
			pulses.note(impersonationId, pageId, { address: where.address, title: where.title });
		}
	};
}
