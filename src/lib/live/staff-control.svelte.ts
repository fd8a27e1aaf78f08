// The recorded page's side of control: the question to the one inside, their answer, and the way back. What does a holder's deeds is loaded
// while the question stands, works once control is given, and is gone with it.
import type { ControlAnswer, ControlOrder, ControlState } from '#protocol/control.ts';
import { holdStill } from '#recorder/control/hold-still.ts';
import type { OpenControl } from '#recorder/control/open-control.ts';

/** What of the recorder this needs. */
export type ControlChannel = {
	ask(event: 'control:answer' | 'control:take', payload: unknown): Promise<unknown>;
	nodeOf(id: number): Node | null;
	next(): number;
};

type Loaded = Pick<typeof import('#recorder/control/open-control.ts'), 'openControl'>;

/** What takes effect on the page. */
export type ControlHands = {
	/** Keeps whoever sits before the page still. Returns how it ends. */
	hold(onEscape: () => void): () => void;
	/** What does a holder's deeds. */
	load(): Promise<Loaded>;
};

const HANDS: ControlHands = {
	hold: holdStill,
	load: () => import('#recorder/control/open-control.ts')
};

type Opened = { id: string; release: () => void; control: Promise<OpenControl | null> | null };

const isOk = (answer: unknown): boolean =>
	typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;

/** Longer than a press that was under way when the question appeared. */
const READABLE_AFTER_MS = 700;

const SAY_AGAIN_MS = 1_000;

/** Before the hub gives an order up: done after that, it would be done twice by whoever repeats it. */
const IN_TIME_MS = 2_000;

const NOT_LOADED = 'It could not be loaded here, so nobody got control. Try again, or reload the page first.';

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
	private opened: Opened | null = null;
	private loading: Promise<Loaded> | null = null;
	private readonly hands: ControlHands;

	constructor(hands: ControlHands = HANDS) {
		this.hands = hands;
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
		} else {
			const isLoaded = await this.isLoadable();
			// Attack: said no to while it was being loaded, and given all the same.
			if (this.now?.id !== asked.id) return;
			if (!isLoaded) return void (this.fault = NOT_LOADED);
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
		const { opened } = this;
		const at = performance.now();
		const control = opened && (await this.deeds(opened));
		// Attack: taken back while it was being loaded.
		if (!opened || this.opened !== opened || order.id === this.left) return 'over';
		return control && performance.now() - at < IN_TIME_MS ? control.obey(order) : 'unreachable';
	}

	/** The page goes, or control does. */
	close(): void {
		this.isLeaving = false;
		this.stop();
	}

	private stop(): void {
		const { opened } = this;
		this.opened = null;
		opened?.release();
		void opened?.control?.then((control) => control?.stop());
	}

	/** Attack: the question appears under a press that was meant for something else, at a moment that the one who asks chose. */
	private show(id: string): void {
		if (this.asked === id) return;
		this.asked = id;
		this.fault = null;
		this.isReadable = false;
		// Here by the time that it is given, in every tab that shows the question.
		void this.isLoadable();
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
		if (this.opened?.id !== id) {
			this.stop();
			// In the same turn: a press that still counts after it is said that somebody steers would stand beside their deeds.
			this.opened = { id, release: this.hands.hold(this.takeBack), control: null };
		}
		if (this.opened) void this.deeds(this.opened);
	}

	/** What does them, or null where it cannot be loaded now: the next order tries again. */
	private deeds(opened: Opened): Promise<OpenControl | null> | null {
		const { channel } = this;
		if (!channel) return null;
		opened.control ??= this.code().then(
			({ openControl }) =>
				this.opened === opened
					? openControl({ nodeOf: (node) => channel.nodeOf(node), next: () => channel.next() })
					: null,
			() => (opened.control = null)
		);
		return opened.control;
	}

	private isLoadable(): Promise<boolean> {
		return this.code().then(
			() => true,
			() => false
		);
	}

	private code(): Promise<Loaded> {
		this.loading ??= this.hands.load().catch((error: unknown) => {
			this.loading = null;
			console.warn('Control could not be loaded', error);
			throw error;
		});
		return this.loading;
	}
}
