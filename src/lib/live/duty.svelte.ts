// Who asks for help anywhere in the agency, for supervisors on any of its pages.
import { SvelteMap } from 'svelte/reactivity';
import type { RaisedHand } from '#protocol/help.ts';
import { WatchLink } from './watch-link.svelte.ts';

export class Duty {
	readonly hands = new SvelteMap<string, RaisedHand>();
	private readonly link: WatchLink;

	constructor() {
		this.link = new WatchLink(() => void this.open());
		this.link.socket.on('duty:hand', (raised) => {
			if (raised.hand) this.hands.set(raised.impersonationId, raised);
			else this.hands.delete(raised.impersonationId);
		});
	}

	close(): void {
		this.link.close();
	}

	/** At each connection all is asked anew: what was missed is in the answer. */
	private async open(): Promise<void> {
		const reply = await this.link.socket.emitWithAck('duty:open').catch(() => null);
		if (!reply?.ok) return;
		this.hands.clear();
		for (const raised of reply.hands) this.hands.set(raised.impersonationId, raised);
	}
}
