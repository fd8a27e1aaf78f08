// The watched staff member's side of help: the conversation and the call for help. It stands on the recorder's connection.
import type { ControlToPage } from '#protocol/control.ts';
import type { HelpMessage, HelpToAll, Mark } from '#protocol/help.ts';
import { mergeMessages, unknownOf } from './merge-messages.ts';

/** What of the recorder this needs. */
export type HelpChannel = {
	ask(event: 'help:open' | 'help:write' | 'help:hand', payload?: unknown): Promise<unknown>;
};

type Told = HelpToAll & ControlToPage;

export type HelpNews = {
	[K in keyof Told]: { event: K; payload: Parameters<Told[K]>[0]; reply: Parameters<Told[K]>[1] };
}[keyof Told];

const NOT_SENT = 'It was not sent: there is no connection right now. Try again.';
const TOO_FAST = 'That was too fast. Wait a moment and send it again.';

type Answer = { ok: true; messages?: HelpMessage[] } | { ok: false; refusal: string };

const isAnswer = (value: unknown): value is Answer =>
	typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean';

export class StaffHelp {
	messages: HelpMessage[] = $state.raw([]);
	unread = $state(0);
	isOpen = $state(false);
	private channel: HelpChannel | null = null;
	/** Told of what a supervisor shows, once somebody can draw it. */
	onMark: (mark: Mark) => void = () => undefined;

	/** The recorder runs. */
	connect(channel: HelpChannel): void {
		this.channel = channel;
	}

	/** A connection is ready: what was missed is read. */
	async read(): Promise<void> {
		const answer = await this.channel?.ask('help:open');
		if (!isAnswer(answer) || !answer.ok || !answer.messages) return;
		const isFirst = this.messages.length === 0;
		this.take(answer.messages, !isFirst);
	}

	told(news: Exclude<HelpNews, { event: 'control:do' }>): void {
		if (news.event === 'help:mark') this.onMark(news.payload);
		// Other messages of the hub pass here, too.
		if (news.event === 'help:message') this.take([news.payload], true);
	}

	show(isOpen: boolean): void {
		this.isOpen = isOpen;
		if (isOpen) this.unread = 0;
	}

	/** Null when it was sent, else why not. */
	write = (text: string): Promise<string | null> => this.tell('help:write', { text });

	hand(isRaised: boolean, note = ''): Promise<string | null> {
		return this.tell('help:hand', { isRaised, note });
	}

	private take(messages: readonly HelpMessage[], areNew: boolean): void {
		const fresh = unknownOf(this.messages, messages).filter(({ isInside }) => !isInside);
		this.messages = mergeMessages(this.messages, messages);
		if (areNew && !this.isOpen) this.unread += fresh.length;
	}

	private async tell(event: 'help:write' | 'help:hand', payload: unknown): Promise<string | null> {
		const answer = await this.channel?.ask(event, payload);
		if (!isAnswer(answer)) return NOT_SENT;
		if (answer.ok) return null;
		return answer.refusal === 'too_fast' ? TOO_FAST : NOT_SENT;
	}
}
