// The process's side of the sealing thread: started when it is first needed, started anew when it died. A death, and a
// question that takes too long, fail what was asked and nothing else.
import { Worker } from 'node:worker_threads';
import { AppError } from '#domain/errors.ts';
import { THREAD_HEAP_MB } from './seal-limits.ts';
import type { Answer, SealCall, SealCalls } from './seal-messages.ts';

/** Far above the longest honest question (a snapshot at its limit, packed thoroughly); a thread that spins is ended. */
const MAX_ASK_MS = 60_000;

type Waiting = { resolve(answer: unknown): void; reject(error: AppError): void; timer: NodeJS.Timeout };

export type SealThreadOptions = { script?: URL; heapMb?: number; maxAskMs?: number };

export class SealThread {
	private readonly options: Required<SealThreadOptions>;
	private worker: Worker | null = null;
	private readonly waiting = new Map<number, Waiting>();
	private readonly pages = new Map<string, Promise<unknown>>();
	private lastId = 0;

	constructor(options: SealThreadOptions = {}) {
		const script = new URL('./seal-worker.ts', import.meta.url);
		this.options = { script, heapMb: THREAD_HEAP_MB, maxAskMs: MAX_ASK_MS, ...options };
	}

	/** @throws AppError `try_later` when the thread died or could not do it; its message says why */
	ask<N extends SealCall>(name: N, ask: SealCalls[N]['ask']): Promise<SealCalls[N]['answer']> {
		const worker = this.running();
		const id = ++this.lastId;
		// Only while it is asked does the thread keep the process alive.
		worker.ref();
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => this.end(worker, 'took too long'), this.options.maxAskMs);
			this.waiting.set(id, { resolve: (value) => resolve(value as never), reject, timer });
			worker.postMessage({ id, name, ask }, []);
		});
	}

	/** Lets go of what the thread holds of a page, where there is a thread. */
	async forget(pageId: string): Promise<void> {
		if (!this.worker) return;
		await this.ask('forget', { pageId }).catch(() => {
			// It died meanwhile, and what it knew with it.
		});
	}

	/** Runs work on a page when no other work on it is under way: what the thread knows of it goes on step by step. */
	async withPage<T>(pageId: string, work: () => Promise<T>): Promise<T> {
		const before = this.pages.get(pageId);
		const mine = Promise.resolve(before).then(work, work);
		// A failure is the asker's; the next in line only waits.
		const settled = mine.catch(() => undefined);
		this.pages.set(pageId, settled);
		try {
			return await mine;
		} finally {
			if (this.pages.get(pageId) === settled) this.pages.delete(pageId);
		}
	}

	private running(): Worker {
		if (this.worker) return this.worker;
		const worker = new Worker(this.options.script, {
			resourceLimits: { maxOldGenerationSizeMb: this.options.heapMb },
			// The process's own flags are for the process (a debugger's port, a test runner's loader).
			execArgv: [],
			name: 'seal'
		});
		worker.on('message', (answer: Answer) => this.answered(answer));
		worker.on('error', (error) => this.end(worker, (error as NodeJS.ErrnoException).code ?? error.message));
		worker.on('exit', () => this.end(worker, 'it ended'));
		this.worker = worker;
		return worker;
	}

	private answered(answer: Answer): void {
		const waiting = this.waiting.get(answer.id);
		if (!waiting) return;
		this.waiting.delete(answer.id);
		clearTimeout(waiting.timer);
		if (this.waiting.size === 0) this.worker?.unref();
		if ('fault' in answer) waiting.reject(fault(answer.fault));
		else waiting.resolve(answer.answer);
	}

	private end(worker: Worker, why: string): void {
		if (worker !== this.worker) return;
		this.worker = null;
		void worker.terminate();
		for (const { reject, timer } of this.waiting.values()) {
			clearTimeout(timer);
			reject(fault(`the sealing thread died: ${why}`));
		}
		this.waiting.clear();
	}
}

/** How the caller tells it from a store or a database that does not answer. */
export const isThreadFault = (error: unknown): boolean =>
	error instanceof AppError && error.details['thread'] === true;

const fault = (why: string): AppError =>
	new AppError('try_later', `A part of a recording could not be worked on (${why}). It is tried again.`, {
		thread: true
	});
