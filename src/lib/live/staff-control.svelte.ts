// The recorded page's side of control: the question to the one inside, their answer, and the way back. What does a holder's deeds is loaded
// once control is given, and gone with it.
import type { ControlAnswer, ControlOrder, ControlState } from '#protocol/control.ts';
import type { OpenControl } from '#recorder/control/open-control.ts';

/** What of the recorder this needs. */
export type ControlChannel = {
	ask(event: 'control:answer' | 'control:take', payload: unknown): Promise<unknown>;
	nodeOf(id: number): Node | null;
	next(): number;
};

type Loaded = Pick<typeof import('#recorder/control/open-control.ts'), 'openControl'>;

const isOk = (answer: unknown): boolean =>
	typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;

/** Longer than a press that was under way when the question appeared. */
const READABLE_AFTER_MS = 700;

const SAY_AGAIN_MS = 1_000;

export class StaffControl {
	/** Somebody asks or steers, as the hub says. */
	now: ControlState | null = $state.raw(null);
	/** Why an answer did not reach anybody, or null. */
	fault: string | null = $state(null);
	/** It was taken back here, and the hub has not heard of it yet. */
	isLeaving: boolean = $state(false);
	/** The question has been on the screen for long enough to be what a press means. */
	isReadable: boolean = $state(false);
	private channel: ControlChannel | null = null;
	private asked: string | null = null;
	/** Said no to: shown no more, unless another tab said yes. */
	private declined: string | null = null;
	/** Taken back: orders of it are refused before the hub knows. */
	private left: string | null = null;
	/** The hub said that it is over; a word from before may still come. */
	private over: string | null = null;
	private isTelling = false;
	private opened: { id: string; control: Promise<OpenControl | null> } | null = null;
	private readonly load: () => Promise<Loaded>;

	constructor(load: () => Promise<Loaded> = () => import('#recorder/control/open-control.ts')) {
		this.load = load;
	}

	/** The recorder runs. */
	connect(channel: ControlChannel): void {
		this.channel = channel;
		this.push(this.now);
	}

	/** News of the hub. */
	push(state: ControlState | null): void {
		const isPast = state?.id === this.over || (state?.state === 'asked' && state.id === this.declined);
		// Attack: what was taken back without arriving, hidden here and held on the server: all that is done by hand would be done
		// under somebody else's control. Until the hub knows, it is shown and the page keeps still.
		this.now = isPast ? null : state;
		this.isLeaving = this.now?.state === 'held' && this.now.id === this.left;
		if (this.now?.state !== 'asked') this.fault = null;
		else this.show(this.now.id);
		if (this.now?.state === 'held') this.open(this.now.id);
		else this.close();
		if (this.isLeaving) void this.tellLeft();
	}

	/** Only by the hand of whoever is inside: an order of somebody else's must not be able to say yes. */
	async answer(isGranted: boolean, event: Event): Promise<void> {
		const asked = this.now;
		if (!asked || !event.isTrusted || !this.isReadable) return;
		if (!isGranted) {
			this.declined = asked.id;
			this.now = null;
		}
		const answer = await this.channel?.ask('control:answer', { id: asked.id, isGranted });
		if (!isOk(answer) && isGranted) this.fault = 'It did not arrive, or the request is over. Try again.';
	}

	/** No order does anything here from now on; the hub is told until it knows. */
	takeBack = (): void => {
		const held = this.now;
		if (held?.state !== 'held' || held.id === this.left) return;
		this.left = held.id;
		this.isLeaving = true;
		void this.tellLeft();
	};

	async obey(order: ControlOrder): Promise<ControlAnswer> {
		// The hub's word that it was given may come a moment after the first order.
		if (this.now?.id !== order.id || this.now.state !== 'held' || order.id === this.left) return 'over';
		const control = await this.opened?.control;
		// Attack: taken back while it was being loaded.
		if (!control || this.opened?.id !== order.id || order.id === this.left) return 'over';
		return control.obey(order);
	}

	/** The page goes, or control does. */
	close(): void {
		this.isLeaving = false;
		this.stop();
	}

	private stop(): void {
		const { opened } = this;
		this.opened = null;
		void opened?.control.then((control) => control?.stop());
	}

	/** Attack: the question appears under a press that was meant for something else, at a moment that the one who asks chose. */
	private show(id: string): void {
		if (this.asked === id) return;
		this.asked = id;
		this.isReadable = false;
		setTimeout(() => (this.isReadable ||= this.asked === id), READABLE_AFTER_MS);
	}

	/** Without a connection, or while the hub cannot, there is no answer: it is said again until the hub says that it is over. */
	private async tellLeft(): Promise<void> {
		if (this.isTelling) return;
		this.isTelling = true;
		while (this.isLeaving) {
			const id = this.left;
			const answer = await this.channel?.ask('control:take', { id }).catch(() => null);
			if (isOk(answer)) {
				this.over = id;
				if (this.now?.id === id) this.push(null);
			} else await new Promise((resolve) => setTimeout(resolve, SAY_AGAIN_MS));
		}
		this.isTelling = false;
	}

	private open(id: string): void {
		const { channel } = this;
		if (this.opened?.id === id || !channel) return;
		this.stop();
		const control = this.load().then(
			({ openControl }) =>
				this.opened?.id === id
					? openControl({
							nodeOf: (node) => channel.nodeOf(node),
							next: () => channel.next(),
							onTakeBack: this.takeBack
						})
					: null,
			(error: unknown) => {
				console.warn('Control could not be loaded', error);
				return null;
			}
		);
		this.opened = { id, control };
	}
}
