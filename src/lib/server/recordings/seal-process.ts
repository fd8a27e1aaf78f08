// The asker's side of the sealing process: started when it is first needed, started anew when it died. A death, and a
// question that takes too long, fail what was asked and nothing else.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '#domain/errors.ts';
import { SEALER_HEAP_MB } from './seal-limits.ts';
import type { Answer, SealCall, SealCalls } from './seal-messages.ts';

/** Far above the longest honest question (a snapshot at its limit, packed thoroughly); a process that spins is ended. */
const MAX_ASK_MS = 60_000;

type Waiting = { resolve(answer: unknown): void; reject(error: AppError): void; timer: NodeJS.Timeout };

export type SealProcessOptions = { script?: URL; heapMb?: number; maxAskMs?: number };

export class SealProcess {
	private readonly options: Required<SealProcessOptions>;
	private child: ChildProcess | null = null;
	private readonly waiting = new Map<number, Waiting>();
	private readonly pages = new Map<string, Promise<unknown>>();
	private lastId = 0;

	constructor(options: SealProcessOptions = {}) {
		const script = new URL('./seal-child.ts', import.meta.url);
		this.options = { script, heapMb: SEALER_HEAP_MB, maxAskMs: MAX_ASK_MS, ...options };
	}

	/** @throws AppError `try_later` when the process died or could not do it; its message says why */
	ask<N extends SealCall>(name: N, ask: SealCalls[N]['ask']): Promise<SealCalls[N]['answer']> {
		const child = this.running();
		const id = ++this.lastId;
		if (this.waiting.size === 0) hold(child);
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => this.end(child, 'it took too long'), this.options.maxAskMs);
			this.waiting.set(id, { resolve: (value) => resolve(value as never), reject, timer });
			// A child that just died refuses; its exit tells everybody who waits.
			child.send({ id, name, ask }, (error) => error && this.end(child, error.message));
		});
	}

	/** Lets go of what the process holds of a page, where there is a process. */
	async forget(pageId: string): Promise<void> {
		if (!this.child) return;
		await this.ask('forget', { pageId }).catch(() => {
			// It died meanwhile, and what it knew with it.
		});
	}

	/** Runs work on a page when no other work on it is under way: what is known of the page goes on step by step. */
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

	private running(): ChildProcess {
		if (this.child) return this.child;
		const child = fork(fileURLToPath(this.options.script), [], {
			execArgv: [`--max-old-space-size=${this.options.heapMb}`],
			// It reads nothing but questions: no secret of the environment is its business.
			env: {},
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		child.on('message', (answer: Answer) => this.answered(child, answer));
		child.on('error', (error) => this.end(child, error.message));
		child.on('exit', (code, signal) => this.end(child, `it ended by ${signal ?? `code ${code}`}`));
		this.child = child;
		return child;
	}

	private answered(child: ChildProcess, answer: Answer): void {
		const waiting = this.waiting.get(answer.id);
		if (!waiting) return;
		this.waiting.delete(answer.id);
		clearTimeout(waiting.timer);
		if (this.waiting.size === 0) release(child);
		if ('fault' in answer) waiting.reject(fault(answer.fault));
		else waiting.resolve(answer.answer);
	}

	private end(child: ChildProcess, why: string): void {
		if (child !== this.child) return;
		this.child = null;
		child.kill('SIGKILL');
		for (const { reject, timer } of this.waiting.values()) {
			clearTimeout(timer);
			reject(fault(`the sealing process died: ${why}`));
		}
		this.waiting.clear();
	}
}

/** Only while it is asked something does the child keep its asker alive. */
function hold(child: ChildProcess): void {
	child.ref();
	child.channel?.ref();
}

function release(child: ChildProcess): void {
	child.unref();
	child.channel?.unref();
}

/** How the caller tells it from a store or a database that does not answer. */
export const isSealerFault = (error: unknown): boolean =>
	error instanceof AppError && error.details['sealer'] === true;

const fault = (why: string): AppError =>
	new AppError('try_later', `A part of a recording could not be worked on (${why}). It is tried again.`, {
		sealer: true
	});
