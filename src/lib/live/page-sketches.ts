// Sends the page in boxes, rarely: often enough for a tile, seldom enough to cost nothing.
import type { SketchMessage } from '#protocol/help.ts';
import { measureBoxes, SketchMaker } from './sketch-page.ts';

const STEP_MS = 2_000;
/** Nobody did anything: looked at each so many steps only. */
const QUIET_STEPS = 4;
const BUSY_MS = 4_000;

export class PageSketches {
	private readonly send: (sketch: SketchMessage) => void;
	private readonly maker = new SketchMaker();
	private readonly gone = new AbortController();
	private readonly timer: ReturnType<typeof setInterval>;
	private pointer: { x: number; y: number } | null = null;
	private activeAt = performance.now();
	private steps = 0;

	constructor(send: (sketch: SketchMessage) => void) {
		this.send = send;
		const { signal } = this.gone;
		const options = { passive: true, capture: true, signal } as const;
		const active = (): void => void (this.activeAt = performance.now());
		addEventListener(
			'pointermove',
			({ clientX: x, clientY: y }) => {
				this.pointer = { x, y };
				active();
			},
			options
		);
		for (const event of ['scroll', 'keydown', 'click'] as const) addEventListener(event, active, options);
		document.addEventListener('visibilitychange', () => this.look(), { signal });
		this.timer = setInterval(() => this.step(), STEP_MS);
	}

	/** The hub knows nothing of what was sent before: the next one says everything. */
	again(): void {
		this.maker.forget();
		this.look();
	}

	stop(): void {
		clearInterval(this.timer);
		this.gone.abort();
	}

	private step(): void {
		const isBusy = performance.now() - this.activeAt < BUSY_MS;
		if (isBusy || ++this.steps % QUIET_STEPS === 0) this.look();
	}

	private look(): void {
		if (document.visibilityState === 'hidden') return;
		const work = (): void => {
			const view = { width: Math.max(1, innerWidth), height: Math.max(1, innerHeight) };
			const sketch = this.maker.make(measureBoxes(document, view), view, this.pointer);
			if (sketch) this.send(sketch);
		};
		// Measuring makes the browser lay the page out: never within what somebody waits for.
		if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: STEP_MS });
		else setTimeout(work, 0);
	}
}
