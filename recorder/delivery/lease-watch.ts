// What the banner says of the recording. 'live' is said only while the page's full snapshot is acknowledged and nothing
// waits for longer than the lease. It only paints: the hub decides by its own clock who may act.
import { LEASE_MS } from '#protocol/limits.ts';

export type RecordingState = 'live' | 'connecting' | 'silent' | 'stopped';

export type LeaseFacts = { isConnected: boolean; isRecorded: boolean; isWaiting: boolean };

const WATCH_MS = 1_000;

export class LeaseWatch {
	private readonly facts: () => LeaseFacts;
	private readonly tell: (state: RecordingState, why?: string) => void;
	private readonly timer: ReturnType<typeof setInterval>;
	// Never the wall clock: set back by an hour it would hide an hour of silence.
	private lastGoodAt = performance.now();
	private state: RecordingState | null = null;

	constructor(facts: () => LeaseFacts, tell: (state: RecordingState, why?: string) => void) {
		this.facts = facts;
		this.tell = tell;
		this.timer = setInterval(() => this.judge(), WATCH_MS);
	}

	/** The hub answered. */
	progressed(): void {
		this.lastGoodAt = performance.now();
		this.judge();
	}

	judge(): void {
		const { isConnected, isRecorded, isWaiting } = this.facts();
		const isStuck = !isConnected || isWaiting || !isRecorded;
		if (!isStuck) this.lastGoodAt = performance.now();
		if (performance.now() - this.lastGoodAt > LEASE_MS) this.say('silent');
		else this.say(isConnected && isRecorded ? 'live' : 'connecting');
	}

	say(state: RecordingState, why?: string): void {
		if (state === this.state) return;
		this.state = state;
		this.tell(state, why);
	}

	stop(): void {
		clearInterval(this.timer);
	}
}
