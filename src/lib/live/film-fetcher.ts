// Fetches what the player's frame asks for. The frame rebuilds hostile recordings, so it names pieces of the recording that
// it was given the index of, and nothing else is ever fetched for it.
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import type { FilmIndex } from '#recorder/playback/film-index.ts';
import type { WantedAnswer } from '#recorder/playback/frame-host.ts';
import type { Wanted } from '#recorder/playback/frame-protocol.ts';

/** A recording as the server tells of it; times are hub times. */
export type FilmSource = Pick<FilmIndex, 'pages'> & {
	startedAt: number;
	lengthMs: number;
	isRunning: boolean;
};

export type FetcherOptions = {
	impersonationId: string;
	source: FilmSource;
	fetch?: typeof fetch;
	/** A newer index came. */
	onFilm?(source: FilmSource): void;
	/** A sentence for the reader: why a part could not be read. */
	onTrouble?(sentence: string): void;
};

/** A connection that hangs is none: the reader is told, and can try again. */
const ANSWER_WITHIN_MS = 30_000;

const NONE = { kind: 'none', why: 'failed' } as const satisfies WantedAnswer;

export class FilmFetcher {
	private source: FilmSource;
	private readonly options: FetcherOptions;
	private readonly stop = new AbortController();

	constructor(options: FetcherOptions) {
		this.options = options;
		this.source = options.source;
	}

	get film(): FilmIndex {
		const { startedAt, lengthMs, isRunning, pages } = this.source;
		return { startAt: startedAt, endAt: startedAt + lengthMs, isRunning, pages };
	}

	/** Never throws: what went wrong is told, and the answer says so. */
	async get(wanted: Wanted): Promise<WantedAnswer> {
		const address = this.addressOf(wanted);
		if (!address) return { kind: 'none', why: 'gone' };
		try {
			const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
			const response = await (this.options.fetch ?? fetch)(address, { signal });
			// A block that was merged, or an erased recording: the index says which.
			if (response.status === 404 && wanted.kind !== 'index') return { kind: 'none', why: 'gone' };
			if (!response.ok) return this.refused(response);
			return await this.read(wanted, response);
		} catch (error) {
			if (!this.stop.signal.aborted) {
				console.warn('A part of the recording could not be fetched', error);
				this.options.onTrouble?.('The connection to the server is lost or too slow.');
			}
			return NONE;
		}
	}

	close(): void {
		this.stop.abort();
	}

	private addressOf(wanted: Wanted): string | null {
		const base = `/recordings/${this.options.impersonationId}`;
		const { pages } = this.source;
		if (wanted.kind === 'index') return `${base}/film`;
		if (wanted.kind === 'block')
			return pages.some(({ blocks }) => blocks.some(({ id }) => id === wanted.blockId))
				? `${base}/blocks/${wanted.blockId}`
				: null;
		const { pageId, from } = wanted;
		return pages.some((page) => page.pageId === pageId) ? `${base}/pages/${pageId}/tail?from=${from}` : null;
	}

	private async read(wanted: Wanted, response: Response): Promise<WantedAnswer> {
		if (wanted.kind === 'index') {
			this.source = (await response.json()) as FilmSource;
			this.options.onFilm?.(this.source);
			return { kind: 'index', film: this.film };
		}
		const bytes = await response.arrayBuffer();
		if (wanted.kind === 'block') return { kind: 'piece', bytes };
		const { headers } = response;
		const tail = {
			checkpoint: headers.get('x-switchback-checkpoint') as CheckpointKind | 'continued',
			lastSeq: Number(headers.get('x-switchback-last-seq')),
			hasMore: headers.get('x-switchback-more') === 'true'
		};
		return { kind: 'tail', tail, bytes };
	}

	private async refused(response: Response): Promise<WantedAnswer> {
		const body = (await response.json().catch(() => null)) as { message?: unknown } | null;
		const said = typeof body?.message === 'string' ? body.message : null;
		this.options.onTrouble?.(said ?? 'The server does not answer as it should.');
		return NONE;
	}
}
