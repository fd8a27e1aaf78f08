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

export class StaffControl {
	/** Somebody asks or steers, as the hub says; what was just ended here is over at once. */
	now: ControlState | null = $state.raw(null);
	/** Why an answer did not reach anybody, or null. */
	fault: string | null = $state(null);
	private channel: ControlChannel | null = null;
	/** Ended here: whatever still comes of it is refused, before the hub knows. */
	private over: readonly string[] = [];
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
		this.now = state && !this.over.includes(state.id) ? state : null;
		if (this.now?.state !== 'asked') this.fault = null;
		if (this.now?.state === 'held') this.open(this.now.id);
		else this.close();
	}

	/** Only by the hand of whoever is inside: an order of somebody else's must not be able to say yes. */
	async answer(isGranted: boolean, event: Event): Promise<void> {
		const asked = this.now;
		if (!asked || !event.isTrusted) return;
		if (!isGranted) this.end(asked.id);
		const answer = await this.channel?.ask('control:answer', { id: asked.id, isGranted });
		if (!isOk(answer) && isGranted) this.fault = 'It did not arrive, or the request is over. Try again.';
	}

	/** Control is over here at once; the hub is told. */
	takeBack = (): void => {
		const held = this.now;
		if (!held) return;
		this.end(held.id);
		void this.channel?.ask('control:take', { id: held.id });
	};

	async obey(order: ControlOrder): Promise<ControlAnswer> {
		// The hub's word that it was given may come a moment after the first order.
		if (this.now?.id !== order.id || this.now.state !== 'held') return 'over';
		const control = await this.opened?.control;
		// Attack: taken back while it was being loaded.
		return control && this.opened?.id === order.id ? control.obey(order) : 'over';
	}

	/** The page goes, or control does. */
	close(): void {
		const { opened } = this;
		this.opened = null;
		void opened?.control.then((control) => control?.stop());
	}

	private end(id: string): void {
		this.over = [...this.over, id];
		this.now = null;
		this.close();
	}

	private open(id: string): void {
		const { channel } = this;
		if (this.opened?.id === id || !channel) return;
		this.close();
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
