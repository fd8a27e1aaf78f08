// What the banner knows: the server's values first, then what the hub pushes. It counts against hub time only.
import type { RecordingState } from '#recorder/index.ts';
import type { SessionState, ZoneState } from '#protocol/session.ts';

export type BannerFacts = {
	impersonationId: string;
	staff: string;
	contact: string;
	client: { id: string; name: string };
	agencyOrigin: string;
	mode: 'view' | 'act';
	mayAct: boolean;
	/** Server time of these values, and the hard limit, in ms since the epoch. */
	now: number;
	expiresAt: number;
	frozen: { by: string; note: string } | null;
	/** The supervisor who allows nothing but looking. */
	viewOnlyBy: string | null;
	watchers: { staffId: string; name: string }[];
};

const TICK_MS = 500;
const MINUTE_MS = 60_000;
/** Below this Restart is offered (product.md §Rules). */
const LAST_MINUTES_MS = 5 * MINUTE_MS;
/** The idle limit is warned of this long before. */
const IDLE_WARNING_MS = MINUTE_MS;

export class BannerState {
	mode = $state<'view' | 'act'>('view');
	frozen = $state<{ by: string; note: string } | null>(null);
	/** The supervisor who allows nothing but looking. */
	viewOnlyBy = $state<string | null>(null);
	/** The call for help, as long as nobody has seen to it. */
	hand = $state<{ note: string } | null>(null);
	/** The two-person zone gone to last. */
	zone = $state<ZoneState | null>(null);
	watchers = $state<{ staffId: string; name: string }[]>([]);
	recording = $state<RecordingState>('connecting');
	private expiresAt = $state(0);
	private idleAt = $state<number | null>(null);
	private now = $state(0);
	/** Hub time minus the page's monotonic clock: the wall clock of this machine may be wrong or be set. */
	private ahead: number | null = null;

	constructor(facts: BannerFacts) {
		this.adopt(facts);
	}

	/** Values of a fresh answer of the server. */
	adopt(facts: BannerFacts): void {
		this.mode = facts.mode;
		this.frozen = facts.frozen;
		this.viewOnlyBy = facts.viewOnlyBy;
		this.watchers = facts.watchers;
		this.expiresAt = facts.expiresAt;
		this.now = Math.max(this.now, facts.now);
	}

	/** News of the hub. */
	push(state: SessionState): void {
		this.mode = state.mode;
		this.frozen = state.frozen;
		this.viewOnlyBy = state.viewOnly?.by ?? null;
		this.hand = state.hand ?? null;
		this.zone = state.zone ?? null;
		this.watchers = state.watchers;
		this.expiresAt = state.expiresAt;
		this.idleAt = state.idleAt;
		this.ahead = state.hubNow - performance.now();
		this.now = state.hubNow;
	}

	/** Starts counting. @returns what stops it */
	tick(): () => void {
		this.ahead ??= this.now - performance.now();
		const timer = setInterval(() => (this.now = performance.now() + (this.ahead ?? 0)), TICK_MS);
		return () => clearInterval(timer);
	}

	/** As it counts here; to the half second. */
	get hubNow(): number {
		return this.now;
	}

	get leftMs(): number {
		return Math.max(0, this.expiresAt - this.now);
	}

	get isEnding(): boolean {
		return this.leftMs <= LAST_MINUTES_MS;
	}

	/** Said to a screen reader: changes at five minutes and at one, never each second. */
	get announcement(): string {
		if (this.leftMs <= MINUTE_MS) return 'Less than a minute left';
		return this.isEnding ? 'Less than 5 minutes left' : '';
	}

	/** Whole seconds until the idle limit, once it is near. */
	get idleSeconds(): number | null {
		const left = this.idleAt === null ? Infinity : this.idleAt - this.now;
		return left <= IDLE_WARNING_MS ? Math.max(0, Math.ceil(left / 1000)) : null;
	}
}
