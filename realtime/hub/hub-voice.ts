// What this hub tells the others of its own sockets: changes within a moment, beats and activity gathered for a second, and a
// sign of life where nothing happened.
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import type { HelpWord } from '#protocol/help.ts';
import type { HubNews } from '#server/ports/hub-news.ts';
import type { HubMessage, HubWord, ToldPart } from './hub-message.ts';
import { TOLD_LATER_MS, TOLD_SOON_MS, VOICE_EVERY_MS } from './hub-limits.ts';
import type { PeerPart } from '#realtime/room/room-types.ts';

export type HubVoiceOptions = {
	hubId: string;
	news: Pick<HubNews, 'publish'>;
	now(): number;
	/** Impersonations that have a room here. */
	known(): readonly string[];
	/** What this hub holds of one; null where there is no room. */
	partOf(impersonationId: string): PeerPart | null;
	onError(error: unknown): void;
};

const NOTHING: PeerPart = { pages: [], watchers: [] };

export class HubVoice {
	private readonly options: HubVoiceOptions;
	/** Of which something is to be told. */
	private readonly changed = new Set<string>();
	/** Of which the others were told something. */
	private readonly told = new Set<string>();
	private n = 0;
	private timer: { at: number; handle: NodeJS.Timeout } | null = null;
	private life: NodeJS.Timeout | null = null;
	private spokenAt = 0;
	private isOver = false;
	private isUnheard = false;
	/** Somebody missed something: the next words are all there is. */
	private isWholeDue = false;

	constructor(options: HubVoiceOptions) {
		this.options = options;
	}

	/** Asks what the others have, and says what there is here. */
	start(): void {
		this.say({ say: 'ask' });
		this.sayAll();
		this.tell();
		this.life = setInterval(() => this.tick(), VOICE_EVERY_MS / 4);
	}

	/** Says good-bye; nothing is said after it. */
	stop(): void {
		if (this.life) clearInterval(this.life);
		if (this.timer) clearTimeout(this.timer.handle);
		this.say({ say: 'bye' });
		this.isOver = true;
	}

	/** Something changed that people see. */
	soon(impersonationId: string): void {
		this.changed.add(impersonationId);
		this.tellWithin(TOLD_SOON_MS);
	}

	/** Something went on: a beat, activity. */
	later(impersonationId: string): void {
		this.changed.add(impersonationId);
		this.tellWithin(TOLD_LATER_MS);
	}

	/** Somebody missed something; who asks in the same moment is answered with the same words. */
	sayAll(): void {
		this.isWholeDue = true;
		this.tellWithin(TOLD_SOON_MS);
	}

	/** Somebody else's words were missed. */
	ask(): void {
		this.say({ say: 'ask' });
	}

	wantSnapshot(pageId: string): void {
		this.say({ say: 'snapshot', pageId });
	}

	help(help: HelpWord): void {
		// Alone it would still be published: a hub cannot know that there is no other.
		this.say({ say: 'help', help });
	}

	order(request: string, order: ControlOrder): void {
		this.say({ say: 'order', request, order });
	}

	answer(request: string, answer: ControlAnswer): void {
		this.say({ say: 'answer', request, answer });
	}

	private tick(): void {
		if (this.options.now() - this.spokenAt >= VOICE_EVERY_MS)
			this.say({ say: 'parts', whole: false, parts: [] });
	}

	private tellWithin(ms: number): void {
		const at = this.options.now() + ms;
		if (this.isOver || (this.timer && this.timer.at <= at)) return;
		if (this.timer) clearTimeout(this.timer.handle);
		this.timer = { at, handle: setTimeout(() => this.tell(), ms) };
	}

	private tell(): void {
		if (this.timer) clearTimeout(this.timer.handle);
		this.timer = null;
		const whole = this.isWholeDue;
		this.isWholeDue = false;
		if (whole) for (const id of this.options.known()) this.changed.add(id);
		const parts = [...this.changed].flatMap((id) => this.takePart(id));
		this.changed.clear();
		if (whole || parts.length > 0) this.say({ say: 'parts', whole, parts });
	}

	/** What is to be told of one. The end of what was told is news, too; nothing after nothing is none. */
	private takePart(impersonationId: string): ToldPart[] {
		const { pages, watchers } = this.options.partOf(impersonationId) ?? NOTHING;
		const wasTold = this.told.delete(impersonationId);
		const isSomething = pages.length + watchers.length > 0;
		if (isSomething) this.told.add(impersonationId);
		return wasTold || isSomething ? [{ impersonationId, pages: [...pages], watchers: [...watchers] }] : [];
	}

	private say(word: HubWord): void {
		if (this.isOver) return;
		const { hubId, news, now, onError } = this.options;
		this.spokenAt = now();
		const message: HubMessage = { hubId, n: this.n++, now: this.spokenAt, word };
		// Whoever did not hear it notices by the number of the next one.
		news.publish(JSON.stringify(message)).then(
			() => (this.isUnheard = false),
			(error: unknown) => {
				// The first of many: as long as nobody can be told, each message fails.
				if (!this.isUnheard) onError(error);
				this.isUnheard = true;
			}
		);
	}
}
