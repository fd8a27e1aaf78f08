// A watcher's side of help: the conversation, the tool in hand, and what others show. Rights are the hub's; this only asks.
import type { HelpMessage, Mark, Place } from '#protocol/help.ts';
import type { Refusal, Reply } from '#protocol/refusals.ts';
import type { Tool } from '#recorder/playback/help-tool.ts';
import { mergeMessages, unknownOf } from './merge-messages.ts';
import type { WatchSocket } from './watch-socket.ts';

/** What a person is told of a refusal; the rest is "try again". */
const WHY: Partial<Record<Refusal, string>> = {
	not_allowed: 'Your role lets you watch, not help.',
	impersonation_over: 'This session is over, so nothing was sent.',
	too_fast: 'That was too fast. Wait a moment and send it again.',
	malformed: 'It is empty or too long, so it was not sent.'
};
const NOT_SENT = 'It was not sent: the connection is away. Try again.';

export class WatchedHelp {
	messages: HelpMessage[] = $state.raw([]);
	/** Whether this watcher may point, draw and write; false until the hub says so. */
	mayHelp = $state(false);
	/** Lines of others that came since the chat was last looked at. */
	unread = $state(0);
	tool: Tool = $state('none');
	private isShown = false;
	private readonly socket: WatchSocket;
	private readonly impersonationId: string;
	private readonly ownId: string;

	constructor(socket: WatchSocket, impersonationId: string, ownId: string, onMark: (mark: Mark) => void) {
		this.socket = socket;
		this.impersonationId = impersonationId;
		this.ownId = ownId;
		socket.on('help:message', (message) => this.take([message]));
		socket.on('help:mark', onMark);
	}

	/** Reads what was said so far; asked at each joining, so that a lost line comes then. */
	async open(): Promise<void> {
		const reply = await this.ask(() =>
			this.socket.emitWithAck('help:open', { impersonationId: this.impersonationId })
		);
		if (!reply?.ok) return;
		this.mayHelp = reply.mayHelp;
		if (!reply.mayHelp) this.tool = 'none';
		this.take(reply.messages);
	}

	/** The chat is in sight, or not any more. */
	look(isShown: boolean): void {
		this.isShown = isShown;
		if (isShown) this.unread = 0;
	}

	/** Null when it was sent, else why not. */
	write(text: string): Promise<string | null> {
		const what = { impersonationId: this.impersonationId, text };
		return this.tell(() => this.socket.emitWithAck('help:write', what));
	}

	/** The call for help was seen to. */
	answer(): Promise<string | null> {
		return this.tell(() => this.socket.emitWithAck('help:answer', { impersonationId: this.impersonationId }));
	}

	/** Puts a tool into the hand, or out of it when it is there already. */
	hold(tool: Exclude<Tool, 'steer'>): void {
		this.tool = this.mayHelp && tool !== this.tool ? tool : 'none';
	}

	pointed(pageId: string, at: Place | null): void {
		this.show(() => this.socket.emit('help:point', this.on({ pageId, at }), () => undefined));
	}

	drawn(drawn: {
		pageId: string;
		stroke: number;
		node: number;
		points: [number, number][];
		isEnd: boolean;
	}): void {
		this.show(() => this.socket.emit('help:draw', this.on(drawn), () => undefined));
	}

	private take(messages: readonly HelpMessage[]): void {
		const fresh = unknownOf(this.messages, messages).filter(({ by }) => by.staffId !== this.ownId);
		this.messages = mergeMessages(this.messages, messages);
		if (!this.isShown) this.unread += fresh.length;
	}

	private on<T extends object>(what: T): T & { impersonationId: string } {
		return { ...what, impersonationId: this.impersonationId };
	}

	/** Movements are of now or never: without a connection they are not kept for later. */
	private show(send: () => void): void {
		if (this.mayHelp && this.socket.connected) send();
	}

	private async tell(send: () => Promise<Reply<object>>): Promise<string | null> {
		const reply = await this.ask(send);
		if (!reply) return NOT_SENT;
		return reply.ok ? null : (WHY[reply.refusal] ?? NOT_SENT);
	}

	private async ask<T>(send: () => Promise<T>): Promise<T | null> {
		// Sent while there is no connection it would wait for the next one, and come when nobody expects it.
		if (!this.socket.connected) return null;
		return send().catch(() => null);
	}
}
