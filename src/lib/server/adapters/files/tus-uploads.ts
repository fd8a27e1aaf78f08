// Pieces of uploads under way, by the tus protocol (1.0), in one folder or in a blob store that several processes share. It
// keeps bytes and counts them; who may send them is asked before each request, and what becomes of the whole is the caller's.
import type { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { MemoryLocker, Server, type DataStore } from '@tus/server';
import { AppError, isAppError, type ErrorCode } from '#domain/errors.ts';

/** What keeps the pieces: a store of the protocol's library that can be read back. */
export type PieceStore = DataStore & { read(id: string): Readable };

/** Longer than any row of an upload lives: what no row names is removed by this clock alone. */
export const LIFE_MS = 25 * 3_600_000;

export type UploadHooks = {
	/** Before the first byte. @returns the upload's id */
	begin(asked: { name: string; bytes: number; folderId: string | null }): Promise<string>;
	/** Before every later request. */
	check(id: string): Promise<{ bytes: number; isDone: boolean }>;
	/** Once all bytes are there; of several at once, in whatever processes, all but one throw `try_later`. */
	finish(id: string, source: Readable): Promise<void>;
	/** When it was cancelled, or can never be finished. */
	forget(id: string): Promise<void>;
};

/** Never GET: the library would hand the pieces out. */
const METHODS: ReadonlySet<string> = new Set(['POST', 'HEAD', 'PATCH', 'DELETE']);

export class TusUploads {
	readonly #store: PieceStore;
	// One for the process: two requests must not write to one upload at once. A shared store sees to other processes.
	readonly #locker = new MemoryLocker();
	readonly #finishing = new Map<string, Promise<void>>();

	/** @param where a folder of this process alone, or a store */
	constructor(where: string | PieceStore) {
		this.#store =
			typeof where === 'string'
				? new FileStore({ directory: where, expirationPeriodInMilliseconds: LIFE_MS })
				: where;
	}

	/**
	 * Answers one request of the protocol at `path` or below it.
	 * @throws AppError what a hook threw; `not_found` for an address with a query
	 */
	async answer(request: Request, path: string, hooks: UploadHooks): Promise<Response> {
		if (!METHODS.has(request.method)) return new Response(null, { status: 405 });
		const id = idOf(request);
		const known = request.method === 'POST' ? null : id;
		const state = known === null ? null : await hooks.check(known);
		if (known && state?.isDone) {
			// The file was made, and whoever made it did not get as far as this.
			await this.remove(known);
			return answerDone(request, state.bytes);
		}
		let thrown: unknown = null;
		const server = new Server({
			path,
			datastore: this.#store,
			locker: this.#locker,
			relativeLocation: true,
			// The library would read it from the whole address, query and all: only what was asked about is touched.
			getFileIdFromRequest: () => known ?? undefined,
			namingFunction: (asked, metadata) =>
				hooks.begin({
					name: metadata?.['filename'] ?? '',
					bytes: Number(asked.headers.get('upload-length') ?? Number.NaN),
					folderId: metadata?.['folder'] || null
				}),
			onUploadFinish: async (_asked, upload) => {
				await this.#finish(upload.id, hooks);
				return {};
			},
			onResponseError: (_asked, error) => {
				if (isAppError(error)) thrown = error;
				return undefined;
			}
		});
		const response = await server.handleWeb(request as never);
		if (thrown) throw thrown;
		if (known && GONE.has(response.status) && request.method !== 'DELETE') {
			// Another request made the file meanwhile, and its pieces went.
			const { bytes, isDone } = await hooks.check(known);
			if (isDone) return answerDone(request, bytes);
		}
		if (!known || !response.ok) return withoutCors(response);
		if (request.method === 'DELETE') await hooks.forget(known);
		// All bytes came, and the process died before it made a file of them: now is the time.
		const isWhole = Number(response.headers.get('upload-offset')) === state?.bytes;
		if (request.method === 'HEAD' && isWhole) await this.#finish(known, hooks);
		return withoutCors(response);
	}

	/** Two that come together share one finish: the second would find the first one's pieces gone. */
	#finish(id: string, hooks: UploadHooks): Promise<void> {
		const under = this.#finishing.get(id);
		if (under) return under;
		const finished = this.#makeFile(id, hooks).finally(() => this.#finishing.delete(id));
		this.#finishing.set(id, finished);
		return finished;
	}

	async #makeFile(id: string, hooks: UploadHooks): Promise<void> {
		const source = this.#store.read(id);
		// Where the file is made already nobody reads, and the pieces may be gone.
		source.on('error', () => undefined);
		try {
			await hooks.finish(id, source);
		} catch (caught) {
			// What passes must not cost what was sent: the pieces stay, and the next question tries again.
			if (!isForGood(caught)) throw caught;
			await hooks.forget(id);
			await this.remove(id);
			throw caught;
		} finally {
			source.destroy();
		}
		await this.remove(id);
	}

	/** Removes the pieces; absent is fine. */
	async remove(id: string): Promise<void> {
		// The store throws for what is not there, and it may have been removed by the request itself.
		await this.#store.remove(id).catch(() => undefined);
	}

	/** Removes what no request asked for in time. */
	async removeExpired(): Promise<void> {
		await this.#store.deleteExpired();
	}
}

const GONE: ReadonlySet<number> = new Set([404, 410]);

/** The content, or whoever sent it, is refused; asking again will not help. Everything else may be over in a while. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set([
	'invalid',
	'too_large',
	'not_allowed',
	'not_found',
	'impersonation_over'
]);

const isForGood = (error: unknown): boolean => isAppError(error) && FOR_GOOD.has(error.code);

/** @throws AppError `not_found` for an address with a query: the protocol has none */
function idOf(request: Request): string {
	const { pathname, search } = new URL(request.url);
	if (search) throw new AppError('not_found', 'There is no such upload.');
	return pathname.split('/').at(-1) ?? '';
}

function answerDone(request: Request, bytes: number): Response {
	if (request.method !== 'HEAD') return new Response(null, { status: 410 });
	const headers = {
		'tus-resumable': '1.0.0',
		'upload-offset': String(bytes),
		'upload-length': String(bytes),
		'cache-control': 'no-store'
	};
	return new Response(null, { status: 200, headers });
}

/** The library allows every site to read its answers; ours are for our own pages. */
function withoutCors(response: Response): Response {
	const headers = new Headers(response.headers);
	for (const name of [...headers.keys()].filter((one) => one.startsWith('access-control-')))
		headers.delete(name);
	return new Response(response.body, { status: response.status, headers });
}
