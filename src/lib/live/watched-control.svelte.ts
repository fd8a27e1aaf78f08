// The watcher's side of control: the question, the wait for an answer, and every deed with what became of it. Whether it is held is told by
// the hub; this side never says so itself.
import type { ControlAnswer, ControlDeed, ControlEvent, ControlState } from '#protocol/control.ts';
import type { Reply } from '#protocol/refusals.ts';
import { wordsOf } from './control-words.ts';
import type { WatchSocket } from './watch-socket.ts';

/** `asking` and `steering`: through this very tab; `elsewhere`: somebody else, or this person in another tab. */
export type ControlStanding = 'none' | 'asking' | 'steering' | 'elsewhere';

/** The hub tells of a question within a second, or it was answered by then. */
const UNHEARD_MS = 3_000;

type Shown = { pageId: string; seq: number };
type Answered = Reply<{ answer: ControlAnswer }>;

const TAKEN = 'Somebody else has control, or had it a moment ago. Wait a moment and ask again.';
const DECLINED = 'That is too soon. After a no, wait 20 seconds before you ask again, or write to them.';
const NO_ANSWER = 'There was no answer. Ask again.';
const NOT_ASKED = 'It did not arrive: the connection is away. Try again.';

export class WatchedControl {
	standing: ControlStanding = $state('none');
	/** Who asks or steers, whoever it is. */
	by: string | null = $state(null);
	/** What went wrong last, until something goes right. */
	fault: string | null = $state(null);
	private readonly socket: WatchSocket;
	private readonly impersonationId: string;
	/** Of the control that this tab asked for. */
	private own: string | null = null;
	/** How far it came as the hub said last; null between the question and the hub's next word. */
	private seen: ControlState['state'] | null = null;
	private shown: Shown | null = null;

	constructor(socket: WatchSocket, impersonationId: string) {
		this.socket = socket;
		this.impersonationId = impersonationId;
		socket.on('disconnect', () => {
			this.own = null;
			this.standing = 'none';
		});
	}

	/** News of the session. */
	push(control: ControlState | null, name: string): void {
		const isOwn = control !== null && control.id === this.own;
		this.by = control?.by.name ?? null;
		this.standing =
			control === null ? 'none' : !isOwn ? 'elsewhere' : control.state === 'held' ? 'steering' : 'asking';
		if (isOwn) return void (this.seen = control.state);
		if (this.own === null) return;
		if (this.seen === null) return void (this.standing = 'asking');
		this.fault =
			this.seen === 'held' ? `${name} has control of the page again.` : `${name} did not give control.`;
		this.own = null;
	}

	async ask(): Promise<void> {
		this.fault = null;
		if (this.standing !== 'none') return;
		if (!this.socket.connected) return void (this.fault = NOT_ASKED);
		const { impersonationId } = this;
		const reply = await this.socket.emitWithAck('control:ask', { impersonationId }).catch(() => null);
		if (!reply) return void (this.fault = NOT_ASKED);
		if (!reply.ok) {
			const { refusal } = reply;
			this.fault =
				refusal === 'try_later' ? TAKEN : refusal === 'too_fast' ? DECLINED : (wordsOf(reply) ?? TAKEN);
			return;
		}
		this.own = reply.control.id;
		this.seen = null;
		this.standing = 'asking';
		setTimeout(() => this.unheard(reply.control.id), UNHEARD_MS);
	}

	/** Answered before the hub told of the question: nothing more comes of it. */
	private unheard(id: string): void {
		if (this.own !== id || this.seen !== null) return;
		this.release();
		this.fault = NO_ANSWER;
	}

	/** Gives it back, or takes the question back; over here at once. */
	release(): void {
		if (this.own === null) return;
		this.own = null;
		this.fault = null;
		this.standing = 'none';
		this.socket.emit('control:release', { impersonationId: this.impersonationId }, () => undefined);
	}

	/** A batch is on the screen: what is typed is meant for what it shows. */
	saw(shown: Shown): void {
		this.shown = shown;
	}

	type(text: string): void {
		if (this.shown && text !== '') void this.send('control:type', this.shown, { kind: 'type', text });
	}

	press(key: Extract<ControlDeed, { kind: 'key' }>['key']): void {
		if (this.shown) void this.send('control:key', this.shown, { kind: 'key', key });
	}

	point({
		deed,
		...shown
	}: Shown & { deed: Extract<ControlDeed, { kind: 'click' | 'scroll' | 'select' }> }): void {
		void this.send(`control:${deed.kind}`, shown, deed);
	}

	private async send(event: ControlEvent, { pageId, seq }: Shown, deed: ControlDeed): Promise<void> {
		if (this.standing !== 'steering') return;
		const { impersonationId, socket } = this;
		// Deeds are of now or never: without a connection they are not kept for later.
		if (!socket.connected) return void (this.fault = NOT_ASKED);
		const what = { impersonationId, pageId, seq, deed };
		const reply = await ask(socket, event, what).catch(() => null);
		this.fault = wordsOf(reply);
	}
}

type Asking = { emitWithAck(event: string, what: unknown): Promise<Answered> };

/** One name for all deeds: what each takes is held to the wire where it is made. */
const ask = (socket: WatchSocket, event: ControlEvent, what: unknown): Promise<Answered> =>
	(socket as unknown as Asking).emitWithAck(event, what);
