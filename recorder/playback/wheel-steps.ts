// A wheel turns in dozens of events a second; sent is their sum, as often as the hub lets through.
const EVERY_MS = 80;
const LINE_PX = 16;

export class WheelSteps {
	private readonly gone = new AbortController();
	private waiting: { event: WheelEvent; dx: number; dy: number } | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(glass: HTMLElement, onStep: (event: WheelEvent, dx: number, dy: number) => void) {
		glass.addEventListener(
			'wheel',
			(event) => {
				event.preventDefault();
				const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
				const { dx, dy } = this.waiting ?? { dx: 0, dy: 0 };
				this.waiting = { event, dx: dx + event.deltaX * unit, dy: dy + event.deltaY * unit };
				this.timer ??= setTimeout(() => {
					const step = this.waiting;
					this.timer = undefined;
					this.waiting = null;
					if (step) onStep(step.event, clamp(step.dx), clamp(step.dy));
				}, EVERY_MS);
			},
			{ passive: false, signal: this.gone.signal }
		);
	}

	stop(): void {
		clearTimeout(this.timer);
		this.gone.abort();
	}
}

/** As far as the wire takes. */
const clamp = (distance: number): number => Math.min(Math.max(Math.round(distance), -10_000), 10_000);
