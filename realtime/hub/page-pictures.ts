// The picture from which a late watcher goes on, packed once for all who come in the same moment. Where none can be had in
// time, the stream begins with the page's first batch instead: slower, and the same screen.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SystemActor } from '#domain/actor.ts';
import type { BatchHeader } from '#protocol/watch.ts';
import type { HubDependencies } from './dependencies.ts';
import { PICTURE_WAIT_MS } from './hub-limits.ts';

const pack = promisify(gzip);

/** A picture as it is sent; null: begin with the first batch. */
export type PackedPicture = { header: BatchHeader; bytes: Uint8Array };

export type PagePicturesOptions = {
	readPicture: HubDependencies['readPicture'];
	/** The page is not known well enough: a snapshot of it would help whoever comes next. */
	onUnsure(pageId: string): void;
	onError(error: unknown): void;
	/** Tests wait for less. */
	waitMs?: number;
};

export class PagePictures {
	private readonly options: PagePicturesOptions;
	private readonly underWay = new Map<string, Promise<PackedPicture | null>>();

	constructor(options: PagePicturesOptions) {
		this.options = options;
	}

	/** Never rejects and never takes long. */
	async of(actor: SystemActor, pageId: string): Promise<PackedPicture | null> {
		const known = this.underWay.get(pageId);
		const picture = known ?? this.take(actor, pageId).finally(() => this.underWay.delete(pageId));
		this.underWay.set(pageId, picture);
		const { promise: tooLong, resolve } = Promise.withResolvers<null>();
		const timer = setTimeout(resolve, this.options.waitMs ?? PICTURE_WAIT_MS, null);
		return Promise.race([picture, tooLong]).finally(() => clearTimeout(timer));
	}

	private async take(actor: SystemActor, pageId: string): Promise<PackedPicture | null> {
		try {
			const picture = await this.options.readPicture(actor, { pageId });
			if (picture?.state === 'unsure') this.options.onUnsure(pageId);
			if (picture?.state !== 'whole') return null;
			const { seq, at } = picture;
			// Watchers negotiate no compression: this is a full snapshot's size, and compresses to a tenth.
			const bytes = await pack(picture.events);
			return { header: { pageId, seq, offsetMs: 0, receivedAt: at }, bytes };
		} catch (error) {
			this.options.onError(error);
			return null;
		}
	}
}
