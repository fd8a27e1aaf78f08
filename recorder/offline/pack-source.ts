// Where the offline player's pieces come from: out of the page itself, or out of the pack that somebody chose.
import type { AssetLookup } from '../format/safe-css.ts';
import type { FilmIndex } from '../playback/film-index.ts';
import { PieceError, type PieceSource } from '../playback/piece-source.ts';
import { inflated, type PackFile } from './pack-file.ts';

/** Packed bytes that stand in the page as base64, or null. */
function inlined(name: string): Blob | null {
	const text = document.getElementById(name)?.textContent;
	if (text === undefined || text === null) return null;
	return new Blob([Uint8Array.from(atob(text), (char) => char.charCodeAt(0))]);
}

/** The portal's own font, in the two sets that stand in the page: lines break where they broke. */
function fontLookup(): AssetLookup {
	const text = document.getElementById('fonts')?.textContent ?? '{}';
	const fonts = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
	return (address) => {
		const set = /\/inter-(latin|latin-ext)-wght-normal[\w.-]*\.woff2$/.exec(address)?.[1];
		const font = set === undefined ? undefined : fonts.get(set);
		return font === undefined ? null : `data:font/woff2;base64,${font}`;
	};
}

export class PackSource implements PieceSource {
	/** Chosen by the reader where the page does not hold the recording. */
	file: PackFile | null = null;
	private readonly film: FilmIndex;
	private readonly fonts = fontLookup();

	constructor(film: FilmIndex) {
		this.film = film;
	}

	/** Whether the page holds every block itself. */
	get isInline(): boolean {
		const blocks = this.film.pages.flatMap(({ blocks: own }) => own);
		return blocks.every(({ id }) => document.getElementById(id) !== null);
	}

	readonly assets = (): AssetLookup => this.fonts;

	async block(blockId: string): Promise<Uint8Array> {
		try {
			const packed = inlined(blockId);
			if (packed) return await inflated(packed, sizeOf(blockId));
			if (this.file) return await this.file.read(blockId);
		} catch (error) {
			throw new PieceError('damaged', { cause: error });
		}
		throw new PieceError('failed');
	}

	/** An ended recording has no rest that is in no block. */
	tail(): Promise<never> {
		return Promise.reject(new PieceError('gone'));
	}

	index(): Promise<FilmIndex> {
		return Promise.resolve(this.film);
	}
}

const sizeOf = (blockId: string): number => Number(document.getElementById(blockId)?.dataset['bytes']);
