// The frame's source of pieces: asks the agency page for each and hands its answer to whoever waits for it.
import type { AssetsOfPage } from './asset-addresses.ts';
import type { FilmIndex } from './film-index.ts';
import type { ToFrame, Wanted } from './frame-protocol.ts';
import { PieceError, type PieceSource, type Tail } from './piece-source.ts';

type Answer = Extract<ToFrame, { kind: 'replay:piece' | 'replay:index' | 'replay:none' }>;

export class AskingSource implements PieceSource {
	readonly assets: AssetsOfPage | undefined;
	private readonly ask: (request: number, wanted: Wanted) => void;
	private readonly waiting = new Map<number, (answer: Answer) => void>();
	/** Not from one on: an answer to the frame's document before this one must not be taken for one of ours. */
	private requests = Math.floor(Math.random() * 2 ** 40);

	constructor(ask: (request: number, wanted: Wanted) => void, assets?: AssetsOfPage) {
		this.ask = ask;
		this.assets = assets;
	}

	async block(blockId: string): Promise<Uint8Array> {
		const answer = await this.answerTo({ kind: 'block', blockId });
		if (answer.kind !== 'replay:piece') throw new PieceError('failed');
		return new Uint8Array(answer.bytes);
	}

	async tail(pageId: string, from: number): Promise<Tail> {
		const answer = await this.answerTo({ kind: 'tail', pageId, from });
		if (answer.kind !== 'replay:piece' || !answer.tail) throw new PieceError('failed');
		return { ...answer.tail, bytes: new Uint8Array(answer.bytes) };
	}

	async index(): Promise<FilmIndex> {
		const answer = await this.answerTo({ kind: 'index' });
		if (answer.kind !== 'replay:index') throw new PieceError('failed');
		return answer.film;
	}

	/** An answer that nobody waits for is as if never sent. */
	take(answer: Answer): void {
		this.waiting.get(answer.request)?.(answer);
		this.waiting.delete(answer.request);
	}

	private async answerTo(wanted: Wanted): Promise<Exclude<Answer, { kind: 'replay:none' }>> {
		const request = ++this.requests;
		const answer = await new Promise<Answer>((resolve) => {
			this.waiting.set(request, resolve);
			this.ask(request, wanted);
		});
		if (answer.kind === 'replay:none') throw new PieceError(answer.why);
		return answer;
	}
}
