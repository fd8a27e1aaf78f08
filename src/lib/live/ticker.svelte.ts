// The present moment as something that components may depend on, once a second.
const STEP_MS = 1_000;

export class Ticker {
	/** Local time, ms since the epoch. */
	now = $state(Date.now());
	private readonly timer: ReturnType<typeof setInterval>;

	constructor() {
		this.timer = setInterval(() => (this.now = Date.now()), STEP_MS);
	}

	stop(): void {
		clearInterval(this.timer);
	}
}
