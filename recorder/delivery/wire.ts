// What delivery needs of a connection to /record; socket-wire.ts is the real one, tests bring their own.
import type { AppendHeader, AppendReply, RecordReady, Where } from '#protocol/record.ts';
import type { Refusal } from '#protocol/refusals.ts';
import type { ControlToPage, PageToControl } from '#protocol/control.ts';
import type { HelpToAll, PageToHelp } from '#protocol/help.ts';
import type { SessionState } from '#protocol/session.ts';

type Told = HelpToAll & ControlToPage;

/** What helps or steers, beside the recording: the hub checks each word of it. */
export type HelpTold = {
	[K in keyof Told]: { event: K; payload: Parameters<Told[K]>[0]; reply: Parameters<Told[K]>[1] };
}[keyof Told];
export type HelpAsked = {
	event: keyof PageToHelp | keyof PageToControl;
	payload?: unknown;
	/** Null: no answer came. */
	reply(answer: unknown): void;
};

/** What the hub says; every message may come at any time. */
export type WireEvents = {
	onReady(ready: RecordReady): void;
	/** Copies of these and all before may go [R13]. */
	onSafe(safe: number): void;
	onDown(): void;
	/** The hub refused the connection or a message for good. */
	onRefused(refusal: Refusal): void;
	onState(state: SessionState): void;
	onEnded(ended: { reason: string }): void;
	/** The hub wants one full snapshot in an idle moment [R15]. */
	onSnapshotWanted(): void;
	/** The hub asked for a sign of life: the one clock of a hidden tab that keeps ticking. */
	onBeat(): void;
	/** Every message of the hub by its name: what a supervisor wrote, pointed at, drew or steered is among them. */
	onHelp?(told: HelpTold): void;
};

export interface Wire {
	/** `reply` is called once; null when no answer came. */
	append(header: AppendHeader, bytes: Uint8Array, reply: (reply: AppendReply | null) => void): void;
	where(where: Where): void;
	/** Asks the hub something that is no recording. */
	ask?(asked: HelpAsked): void;
	close(): void;
}

export type WireOptions = {
	ticket: string;
	/** Delivers what an earlier document left behind: proves no life and is listed nowhere [R11]. */
	handover: boolean;
};

export type OpenWire = (options: WireOptions, events: WireEvents) => Wire;
