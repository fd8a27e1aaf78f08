// Asks one connection for signs of life. The hub asks, since a hidden tab's own timers fire once a minute (design.md §5.7).
import { beatAnswer, type BeatAnswer, type PageClockReading } from '#protocol/record.ts';
import { BEAT_INTERVAL_MS } from '#protocol/limits.ts';
import { ClockOffset } from './clock-offset.ts';
import { CLOCK_WAIT_MS, QUICK_BEAT_MS, QUICK_BEATS } from './hub-limits.ts';
import type { ClockReadings } from './page-offsets.ts';

export type BeatAskerOptions = {
	/** Sends `beat:ask` and hands over whatever comes back. */
	ask(answered: (answer: unknown) => void): void;
	now(): number;
	onBeat(now: number): void;
	/** Both clocks of the page were read; by its wall clock's present setting it is off by so much. */
	onReading(clock: PageClockReading, wallMs: number): void;
	onMalformed(): void;
};

export class BeatAsker {
	private readonly options: BeatAskerOptions;
	private readonly wall = new ClockOffset();
	private readonly mono = new ClockOffset();
	private timer: NodeJS.Timeout | null = null;
	private asked = 0;
	private readonly first: Promise<void>;
	private markFirst: () => void = () => undefined;

	constructor(options: BeatAskerOptions) {
		this.options = options;
		this.first = new Promise((resolve) => {
			this.markFirst = resolve;
		});
		setTimeout(this.markFirst, CLOCK_WAIT_MS).unref();
	}

	/** Asks at once, a few times quickly, then at the interval. */
	start(): void {
		this.askOnce();
		const pause = ++this.asked < QUICK_BEATS ? QUICK_BEAT_MS : BEAT_INTERVAL_MS;
		this.timer = setTimeout(() => this.start(), pause);
	}

	stop(): void {
		if (this.timer) clearTimeout(this.timer);
		this.markFirst();
	}

	/** What the page's clocks say. Waits a moment for the first answer; 0 where none came. */
	async readings(): Promise<ClockReadings> {
		if (this.wall.offsetMs === null) await this.first;
		return { wallMs: this.wall.offsetMs ?? 0, monoMs: this.mono.offsetMs };
	}

	private askOnce(): void {
		const askedAt = this.options.now();
		this.options.ask((answer) => {
			const answeredAt = this.options.now();
			const result = beatAnswer.safeParse(answer);
			if (!result.success) return this.options.onMalformed();
			this.sample(askedAt, answeredAt, result.data);
			this.markFirst();
			this.options.onBeat(answeredAt);
		});
	}

	private sample(askedAt: number, answeredAt: number, { wall, mono }: BeatAnswer): void {
		this.wall.sample(askedAt, answeredAt, wall);
		if (mono === undefined) return;
		this.mono.sample(askedAt, answeredAt, mono);
		this.options.onReading({ wall, mono }, this.wall.offsetMs ?? 0);
	}
}
