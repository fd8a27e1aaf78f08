// Where the page is: told when a connection begins and whenever address, title or visibility differ from what was told.
// Nothing of the page's router is patched; every flush looks.
import type { Where } from '#protocol/record.ts';
import { scrubText, scrubUrl } from '../capture/scrub.ts';

const MAX_ADDRESS = 2_000;
const MAX_TITLE = 300;

export class Whereabouts {
	private told = '';
	private readonly tell: (where: Where) => void;
	private readonly look = (): void => this.check();

	constructor(tell: (where: Where) => void) {
		this.tell = tell;
		addEventListener('popstate', this.look);
		document.addEventListener('visibilitychange', this.look);
	}

	/** Tells where the page is, if that is new. */
	check(): void {
		const where = now();
		const text = [where.address, where.title, where.visible].join('\n');
		if (text === this.told) return;
		this.told = text;
		this.tell(where);
	}

	/** A new connection knows nothing. */
	again(): void {
		this.told = '';
		this.check();
	}

	stop(): void {
		removeEventListener('popstate', this.look);
		document.removeEventListener('visibilitychange', this.look);
	}
}

function now(): Where {
	const { pathname, search, hash } = location;
	return {
		// Reset links and sign-in codes stand in addresses, so these are scrubbed like everything else that leaves.
		address: scrubUrl(pathname + search + hash).slice(0, MAX_ADDRESS),
		title: scrubText(document.title).slice(0, MAX_TITLE),
		visible: document.visibilityState === 'visible'
	};
}
