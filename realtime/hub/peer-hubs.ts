// What the other hubs are known to hold: heard from them, asked again where a message was missed, and forgotten with a hub that
// is silent. Rights never depend on it: rows decide those.
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import type { HelpWord } from '#protocol/help.ts';
import { ASK_EVERY_MS, PEER_LOST_MS } from './hub-limits.ts';
import { readMessage, type HubMessage, type ToldPart } from './hub-message.ts';
import type { PeerPart } from '#realtime/room/room-types.ts';

export type PeerHubsOptions = {
	hubId: string;
	now(): number;
	/** A hub says what it holds of an impersonation. */
	onPart(hubId: string, impersonationId: string, part: PeerPart): void;
	/** A hub is gone, with what it held of these. */
	onLost(hubId: string, impersonationIds: readonly string[]): void;
	/** Somebody wants to know all that is held here. */
	onAsked(): void;
	/** Words of another hub were missed. */
	onMissed(): void;
	onSnapshot(pageId: string): void;
	onHelp(word: HelpWord): void;
	onOrder(request: string, order: ControlOrder): void;
	onAnswer(request: string, answer: ControlAnswer): void;
	onError(error: unknown): void;
};

/** `isMissing`: something it said was not heard, until it says all. */
type Peer = { n: number; heardAt: number; isMissing: boolean; parts: Map<string, PeerPart> };

export class PeerHubs {
	private readonly options: PeerHubsOptions;
	private readonly peers = new Map<string, Peer>();
	/** How our own words begin (hub-message.ts), which come back to us by the hundred and are not worth reading. */
	private readonly own: string;
	private askedAt = Number.NEGATIVE_INFINITY;

	constructor(options: PeerHubsOptions) {
		this.options = options;
		this.own = `{"hubId":${JSON.stringify(options.hubId)},`;
	}

	get size(): number {
		return this.peers.size;
	}

	/** What is known of an impersonation whose room was just opened here. */
	*partsOf(impersonationId: string): Generator<{ hubId: string; part: PeerPart }> {
		for (const [hubId, { parts }] of this.peers) {
			const part = parts.get(impersonationId);
			if (part) yield { hubId, part };
		}
	}

	/** True while another hub has the page's connection. */
	hold(pageId: string): boolean {
		for (const { parts } of this.peers.values())
			for (const { pages } of parts.values())
				if (pages.some((page) => page.pageId === pageId && page.goneAt === null)) return true;
		return false;
	}

	/** Hubs that are silent are gone; a way to Redis that is cut looks the same, and is mended by asking. */
	tick(): void {
		const now = this.options.now();
		for (const [hubId, { heardAt }] of this.peers) if (now - heardAt >= PEER_LOST_MS) this.lose(hubId);
	}

	hear(text: string): void {
		if (text.startsWith(this.own)) return;
		let message: HubMessage;
		try {
			message = readMessage(text);
		} catch (error) {
			return this.options.onError(error);
		}
		if (message.hubId !== this.options.hubId) this.take(message);
	}

	private take({ hubId, n, now, word }: HubMessage): void {
		if (word.say === 'bye') return this.lose(hubId);
		const peer = this.peerOf(hubId, n, word.say === 'parts' && word.whole);
		switch (word.say) {
			case 'ask':
				return this.options.onAsked();
			case 'snapshot':
				return this.options.onSnapshot(word.pageId);
			case 'help':
				return this.options.onHelp(word.help);
			case 'order':
				return this.options.onOrder(word.request, word.order);
			case 'answer':
				return this.options.onAnswer(word.request, word.answer);
			case 'parts': {
				const aheadMs = this.options.now() - now;
				const parts = new Map(word.parts.map((part) => [part.impersonationId, onOurClock(part, aheadMs)]));
				if (word.whole) for (const id of peer.parts.keys()) if (!parts.has(id)) parts.set(id, NOTHING);
				for (const [id, part] of parts) this.learn(hubId, peer, id, part);
			}
		}
	}

	/** Notes that it lives, and asks where something of it was missed: by a hub that is new here all that came before. */
	private peerOf(hubId: string, n: number, isWhole: boolean): Peer {
		const now = this.options.now();
		const known = this.peers.get(hubId);
		const peer = known ?? { n, heardAt: now, isMissing: true, parts: new Map() };
		this.peers.set(hubId, peer);
		peer.isMissing = !isWhole && (peer.isMissing || n !== peer.n + 1);
		peer.n = n;
		peer.heardAt = now;
		if (peer.isMissing && now - this.askedAt >= ASK_EVERY_MS) {
			this.askedAt = now;
			this.options.onMissed();
		}
		return peer;
	}

	private learn(hubId: string, { parts }: Peer, impersonationId: string, part: PeerPart): void {
		if (part.pages.length + part.watchers.length > 0) parts.set(impersonationId, part);
		else parts.delete(impersonationId);
		this.options.onPart(hubId, impersonationId, part);
	}

	private lose(hubId: string): void {
		const peer = this.peers.get(hubId);
		this.peers.delete(hubId);
		if (peer) this.options.onLost(hubId, [...peer.parts.keys()]);
	}
}

const NOTHING: PeerPart = { pages: [], watchers: [] };

/** Its times as this hub's clock has them: two machines are never of one mind. */
function onOurClock({ pages, watchers }: ToldPart, aheadMs: number): PeerPart {
	const ours = <T extends number | null>(at: T) => (at === null ? at : at + aheadMs) as T;
	return {
		watchers,
		pages: pages.map((page) => ({
			...page,
			lastActiveAt: ours(page.lastActiveAt),
			goneAt: ours(page.goneAt),
			lastBeatAt: ours(page.lastBeatAt)
		}))
	};
}
