// Where the offline player's pieces come from: out of the page itself, or out of the pack that somebody chose.
import type { FilmIndex } from '../playback/film-index.ts';
import { PieceError, type PieceSource } from '../playback/piece-source.ts';
import { inflated, type PackFile } from './pack-file.ts';
import { inlinedPart } from './page-parts.ts';
import { Pictures } from './pictures.ts';
import type { PackIndex } from './pack-index.ts';

export class PackSource implements PieceSource {
	readonly assets;
	private readonly film: FilmIndex;
	private readonly pictures: Pictures;
	/** Chosen by the reader where the page does not hold the recording. */
	private file: PackFile | null = null;

	constructor({ film, pictures }: PackIndex) {
		this.film = film;
		this.pictures = new Pictures(pictures);
		this.assets = this.pictures.of;
	}

	/** Whether the page holds every block itself. */
	get isInline(): boolean {
		const blocks = this.film.pages.flatMap(({ blocks: own }) => own);
		return blocks.every(({ id }) => document.getElementById(id) !== null);
	}

	/** To be called before anything is shown: addresses of pictures are asked for in the middle of a page. */
	async prepare(file: PackFile | null): Promise<void> {
		this.file = file;
		await this.pictures.load((name) => this.read(name));
	}

	async block(blockId: string): Promise<Uint8Array> {
		try {
			return await this.read(blockId);
		} catch (error) {
			throw new PieceError('damaged', { cause: error });
		}
	}

	/** An ended recording has no rest that is in no block. */
	tail(): Promise<never> {
		return Promise.reject(new PieceError('gone'));
	}

	index(): Promise<FilmIndex> {
		return Promise.resolve(this.film);
	}

	private read(name: string): Promise<Uint8Array> {
		const inlined = inlinedPart(name);
		if (inlined) return inflated(inlined.packed, inlined.bytes);
		if (this.file) return this.file.read(name);
		return Promise.reject(new RangeError('It is not in this page.'));
	}
}
