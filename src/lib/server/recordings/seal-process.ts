// The asker's side of the sealing process: started when it is first needed, started anew when it died. A death, and a
// question that takes too long, fail what was asked and nothing else.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AppError } from '#domain/errors.ts';
import { SEALER_HEAP_MB } from './seal-limits.ts';
import type { Answer, SealCall, SealCalls } from './seal-messages.ts';

/** Far above the longest honest question (a snapshot at its limit, packed thoroughly); a process that spins is ended. */
const MAX_ASK_MS = 60_000;

type Waiting = {
	id: number;
	name: SealCall;
	ask: unknown;
	resolve(answer: unknown): void;
	reject(error: AppError): void;
};

export type SealProcessOptions = { script?: URL; heapMb?: number; maxAskMs?: number };

export class SealProcess {
	private readonly options: Required<SealProcessOptions>;
	private child: ChildProcess | null = null;
	/** One question at a time is with the process, so that it is known whose its death is. */
	private current: (Waiting & { timer: NodeJS.Timeout }) | null = null;
	private readonly waiting: Waiting[] = [];
	private readonly pages = new Map<string, Promise<unknown>>();
	private lastId = 0;

	constructor(options: SealProcessOptions = {}) {
		const script = new URL('./seal-child.ts', import.meta.url);
		this.options = { script, heapMb: SEALER_HEAP_MB, maxAskMs: MAX_ASK_MS, ...options };
	}

	/** @throws AppError `try_later` when the process died or could not do it; its message says why */
	ask<N extends SealCall>(name: N, ask: SealCalls[N]['ask']): Promise<SealCalls[N]['answer']> {
		const id = ++this.lastId;
		return new Promise((resolve, reject) => {
			this.waiting.push({ id, name, ask, resolve: (value) => resolve(value as never), reject });
			if (!this.current) this.next();
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

	private next(): void {
		const question = this.waiting.shift();
		if (!question) {
			if (this.child) release(this.child);
			return;
		}
		const child = this.running();
		hold(child);
		const timer = setTimeout(() => this.end(child, 'it took too long'), this.options.maxAskMs);
		this.current = { ...question, timer };
		const { id, name, ask } = question;
		child.send({ id, name, ask }, (error) => error && this.end(child, error.message));
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
		child.on('message', (answer: Answer) => this.answered(answer));
		child.on('error', (error) => this.end(child, error.message));
		child.on('exit', (code, signal) => this.end(child, `it ended by ${signal ?? `code ${code}`}`));
		this.child = child;
		return child;
	}

	private answered(answer: Answer): void {
		const { current } = this;
		if (current?.id !== answer.id) return;
		clearTimeout(current.timer);
		this.current = null;
		this.next();
		if (!('fault' in answer)) current.resolve(answer.answer);
		else current.reject(answer.isForgotten ? notBegun(answer.fault) : fault(answer.fault));
	}

	private end(child: ChildProcess, why: string): void {
		if (child !== this.child) return;
		this.child = null;
		child.kill('SIGKILL');
		const { current } = this;
		this.current = null;
		if (current) {
			clearTimeout(current.timer);
			current.reject(fault(`the sealing process died: ${why}`));
		}
		// Who waits goes on with the next process: this one died of somebody else's.
		this.next();
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

const sentence = (why: string): string =>
	`A part of a recording could not be worked on (${why}). It is tried again.`;

/** Of this very question: it counts against its page. */
const fault = (why: string): AppError => new AppError('try_later', sentence(why), { sealer: true });

/** The process that knew the page died of another one, or needed the room: nobody's fault. */
const notBegun = (why: string): AppError => new AppError('try_later', sentence(why));
