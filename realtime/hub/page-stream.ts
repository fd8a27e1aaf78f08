// One page on its way to one watcher: from the live log until it has caught up, then live, without hole or double [V4]. A slow
// watcher is cut off, never queued for, so that it slows nobody [V5].
import type { LiveLog, StoredBatch } from '#server/ports/live-log.ts';
import { CATCH_UP_BUFFER_BYTES, WATCHER_BUFFER_BYTES } from './hub-limits.ts';
import type { PackedPicture } from './page-pictures.ts';

export type PageStreamOptions = {
	pageId: string;
	liveLog: Pick<LiveLog, 'read'> & {
		/** Highest number that is in the log or is being relayed, wherever the page is connected. */
		got(pageId: string): number;
	};
	/** One that was read from the log. */
	send(batch: StoredBatch): void;
	sendPicture(picture: PackedPicture): void;
	/** Bytes handed to the connection that have not left this process. */
	bufferedBytes(): number;
	/** False once the right is gone or stale: nothing more is shown. */
	mayDeliver(): boolean;
	onBehind(): void;
	/** Without a picture, and what the page began with is sealed: only a new snapshot of it can be shown. */
	onHeadless(): void;
	/** Reading failed on the way; the stream is over. */
	onFailed(error: unknown): void;
	/** Waits a little for the connection to empty. */
	pause(): Promise<void>;
};

export class PageStream {
	readonly pageId: string;
	private readonly options: PageStreamOptions;
	private nextSeq = 0;
	private phase: 'catching-up' | 'live' | 'over' = 'catching-up';
	/** Its beginning is shown: from then on nothing may be missing. Before, it begins with whatever the log still has. */
	private hasBegun = false;

	constructor(options: PageStreamOptions) {
		this.options = options;
		this.pageId = options.pageId;
	}

	stop(): void {
		this.phase = 'over';
	}

	/** As `begin`, and tells of what fails. */
	start(coming: Promise<PackedPicture | null>): void {
		this.watchOver(this.begin(coming));
	}

	/** Begins with a picture, if there is one, and goes on behind it. */
	async begin(coming: Promise<PackedPicture | null>): Promise<void> {
		const picture = await coming;
		if (!this.mayGoOn()) return;
		if (picture) {
			this.nextSeq = picture.header.seq + 1;
			this.hasBegun = true;
			this.options.sendPicture(picture);
		}
		await this.catchUp();
	}

	/** Reads from the log until nothing is left there, then goes live in the same turn of the loop. */
	async catchUp(): Promise<void> {
		const { liveLog } = this.options;
		while (this.phase === 'catching-up') {
			const [from, had] = [this.nextSeq, liveLog.got(this.pageId)];
			for await (const batch of liveLog.read(this.pageId, this.nextSeq)) {
				await this.roomFor();
				if (!this.mayGoOn()) return;
				if (batch.seq < this.nextSeq) continue;
				if (batch.seq > this.nextSeq && this.hasBegun) return this.fallBehind();
				if (batch.seq > this.nextSeq && this.nextSeq === 0) this.options.onHeadless();
				this.send(batch);
			}
			// What the log had and does not give is gone from it; waiting for it would never end.
			if (this.phase === 'catching-up' && this.nextSeq === from && had >= from) {
				if (this.hasBegun) return this.fallBehind();
				this.nextSeq = had + 1;
			}
			if (this.phase === 'catching-up' && liveLog.got(this.pageId) < this.nextSeq) {
				this.phase = 'live';
				this.hasBegun = true;
			}
		}
	}

	/**
	 * A batch was just stored. While catching up it will be read from the log.
	 * @returns true where it is next: the caller sends it in this turn, framed once for all who take it
	 */
	takes({ seq }: StoredBatch): boolean {
		if (this.phase !== 'live' || seq < this.nextSeq) return false;
		if (this.options.bufferedBytes() > WATCHER_BUFFER_BYTES) this.fallBehind();
		// Not told of one before it, as when the page went over to another hub: the log has it.
		else if (seq > this.nextSeq) {
			if (this.isLogged(seq)) this.readOn();
			else this.fallBehind();
		} else if (this.mayGoOn()) {
			this.nextSeq = seq + 1;
			return true;
		}
		return false;
	}

	/** There may be more in the log than was relayed. */
	nudge(): void {
		if (this.phase === 'live' && this.isLogged(this.nextSeq)) this.readOn();
	}

	private isLogged(seq: number): boolean {
		return this.options.liveLog.got(this.pageId) >= seq;
	}

	private readOn(): void {
		this.phase = 'catching-up';
		this.watchOver(this.catchUp());
	}

	private watchOver(work: Promise<void>): void {
		work.catch((error: unknown) => {
			this.stop();
			this.options.onFailed(error);
		});
	}

	/** Waits for the connection while it is alive and allowed; a stopped stream does not wait. */
	private async roomFor(): Promise<void> {
		while (this.phase === 'catching-up' && this.options.bufferedBytes() > CATCH_UP_BUFFER_BYTES)
			await this.options.pause();
	}

	private mayGoOn(): boolean {
		if (this.phase === 'over') return false;
		if (this.options.mayDeliver()) return true;
		this.fallBehind();
		return false;
	}

	private fallBehind(): void {
		this.phase = 'over';
		this.options.onBehind();
	}

	private send(batch: StoredBatch): void {
		this.nextSeq = batch.seq + 1;
		this.options.send(batch);
	}
}
