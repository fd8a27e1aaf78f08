// Where the page is: told when a connection begins and whenever address, title or visibility differ from what was told.
// Nothing of the page's router is patched; every flush looks.
import type { Where } from '#protocol/record.ts';

const MAX_ADDRESS = 2_000;
const MAX_TITLE = 300;

/** The hub takes ten messages a second; a title that ticks faster is told now and then. */
const MIN_INTERVAL_MS = 250;

/** What the page's masking leaves of its address and title. */
export type Clean = { addressOf(url: string): string; titleOf(title: string): string };

export class Whereabouts {
	private told = '';
	/** Never by the wall clock: set back by an hour it would keep the page from telling for as long. */
	private toldAt = Number.NEGATIVE_INFINITY;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private readonly tell: (where: Where) => void;
	private readonly clean: Clean;
	private readonly look = (): void => {
		this.timer = undefined;
		this.check();
	};

	constructor(tell: (where: Where) => void, clean: Clean) {
		this.tell = tell;
		this.clean = clean;
		addEventListener('popstate', this.look);
		document.addEventListener('visibilitychange', this.look);
	}

	/** Tells where the page is, if that is new. */
	check(): void {
		const where = this.now();
		const text = [where.address, where.title, where.visible].join('\n');
		if (text === this.told) return;
		const wait = this.toldAt + MIN_INTERVAL_MS - performance.now();
		if (wait > 0) {
			this.timer ??= setTimeout(this.look, wait);
			return;
		}
		clearTimeout(this.timer);
		this.timer = undefined;
		this.told = text;
		this.toldAt = performance.now();
		this.tell(where);
	}

	/** A new connection knows nothing. */
	again(): void {
		this.told = '';
		this.toldAt = Number.NEGATIVE_INFINITY;
		this.check();
	}

	stop(): void {
		clearTimeout(this.timer);
		removeEventListener('popstate', this.look);
		document.removeEventListener('visibilitychange', this.look);
	}

	private now(): Where {
		const { pathname, search, hash } = location;
		return {
			// Reset links, codes and searches stand in addresses: both are masked like everything else that leaves.
			address: this.clean.addressOf(pathname + search + hash).slice(0, MAX_ADDRESS),
			title: this.clean.titleOf(document.title).slice(0, MAX_TITLE),
			visible: document.visibilityState === 'visible'
		};
	}
}
