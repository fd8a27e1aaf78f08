// Which wireframe stands for a page in lists: the fullest one of the screen that was up longest. Followed while the page runs, handed
// out rarely; what is kept of it the use case decides.
import type { Sketch } from '#protocol/help.ts';
import type { Inside } from '#server/usecases/supervision/helped-session.ts';
import type { KeptSketch } from '#server/usecases/supervision/note-sketch.ts';

/** What did not change for longer than this is not looked at any more. */
const STILL_MS = 60_000;

/** What was only passed through is no picture of a page, unless there is no other. */
const STOOD_MS = 2_000;

/** A running page's row is written at most this often, whatever the page sends. */
const EVERY_MS = 15_000;

/** Where a page is now, as its hub knows; null once it is not connected here. */
export type PageNow = { address: string; isShown: boolean } | null;

export type DueSketch = { inside: Inside; kept: KeptSketch };

type Screen = { path: string; sketch: Sketch; takenAt: number; shownMs: number };
type Followed = {
	inside: Inside;
	/** A page that leads from screen to screen is one page: only two of them are remembered, however many it shows. */
	screen: Screen;
	best: Screen;
	saidAt: number;
	countedTo: number;
	written: { sketch: Sketch; shownMs: number; at: number } | null;
};

/** Another search or moment of a screen is the same screen. */
const pathOf = (address: string): string => address.split(/[?#]/, 1)[0] ?? '';

export class KeptSketches {
	private readonly pages = new Map<string, Followed>();

	/** Takes what a page said. */
	note(inside: Inside, address: string, sketch: Sketch, now: number): void {
		if (sketch.boxes.length === 0) return;
		const path = pathOf(address);
		const page = this.pages.get(inside.pageId);
		const fresh = (): Screen => ({ path, sketch, takenAt: now, shownMs: 0 });
		if (!page) {
			const screen = fresh();
			const times = { saidAt: now, countedTo: now };
			this.pages.set(inside.pageId, { inside, screen, best: screen, ...times, written: null });
			return;
		}
		count(page, now);
		page.saidAt = now;
		if (page.screen.path !== path) page.screen = page.best.path === path ? page.best : fresh();
		if (sketch.boxes.length > page.screen.sketch.boxes.length)
			Object.assign(page.screen, { sketch, takenAt: now });
	}

	/** Time goes by. @returns what is to be written now; of a page that is gone for the last time */
	takeDue(now: number, pageNow: (inside: Inside) => PageNow): DueSketch[] {
		return [...this.pages.values()].flatMap((page) => {
			const at = pageNow(page.inside);
			if (!at) return this.take(page, now);
			if (at.isShown && pathOf(at.address) === page.screen.path) count(page, now);
			else page.countedTo = now;
			return isDue(page, now) ? [handOut(page, now)] : [];
		});
	}

	/** Everything, or all of one session: it is followed no further. @returns what was not written yet */
	takeAll(now: number, impersonationId?: string): DueSketch[] {
		return [...this.pages.values()]
			.filter(({ inside }) => impersonationId === undefined || inside.impersonationId === impersonationId)
			.flatMap((page) => this.take(page, now));
	}

	private take(page: Followed, now: number): DueSketch[] {
		this.pages.delete(page.inside.pageId);
		const { best, written } = page;
		const isNew = written?.sketch !== best.sketch || best.shownMs > written.shownMs;
		return isNew ? [handOut(page, now)] : [];
	}
}

function count(page: Followed, now: number): void {
	const until = Math.min(now, page.saidAt + STILL_MS);
	page.screen.shownMs += Math.max(0, until - page.countedTo);
	page.countedTo = now;
	if (page.screen.shownMs > page.best.shownMs) page.best = page.screen;
}

const isDue = ({ best, written }: Followed, now: number): boolean =>
	best.shownMs >= STOOD_MS && (!written || (written.sketch !== best.sketch && now - written.at >= EVERY_MS));

function handOut(page: Followed, now: number): DueSketch {
	const { sketch, takenAt, shownMs } = page.best;
	page.written = { sketch, shownMs, at: now };
	const { width, height, boxes } = sketch;
	return { inside: page.inside, kept: { takenAt, shownMs, width, height, boxes } };
}
