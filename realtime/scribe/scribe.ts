// Has batches written so that none holds the hub's loop: short ones where they come, larger ones piece by piece between them, the largest, and
// all of a page that costs too much, in a process of its own. Pages that wait are served by what they and their agency had so far. A batch that the process dies of twice is none: nothing of it was acknowledged, and the page is told to send other content.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AssetLookup } from '#recorder/format/safe-css.ts';
import { cpuMs } from './cpu-ms.ts';
import { FairQueue, type Author } from './fair-queue.ts';
import type { PageBudget } from './page-budget.ts';
import { MAX_NAMES, type ScribeAnswer, type ScribeAsk } from './scribe-messages.ts';
import { Turns } from './turns.ts';
import { pieces, readContent, writeBatch, type Content, type SafeBatch } from './write-batch.ts';

/** Up to here a batch costs less than a millisecond, whatever is in it, and less than to have it wait. */
const AT_ONCE_UP_TO = 16 * 1024;

/**
 * Snapshots of honest pages are below it: fifty that begin at once would wait for each other in the one process. At worst a piece
 * of so much holds the loop for a tenth of a second, and a page does that until its budget is used up.
 */
const HERE_UP_TO = 2 * 1024 * 1024;

/** Ten times what a batch at its limit takes when all of it is style sheets. */
const HEAP_MB = 1_536;

/**
 * Far above the longest honest batch, and below the lease: what waits behind it is answered in time. A process that spins is
 * ended, and its batch not tried again.
 */
const MAX_WRITE_MS = 12_000;

const MAX_DEATHS = 2;

export type ScribeOptions = {
	allowedAssets: AssetLookup;
	/** A page's batches go to the process from now on, since writing them costs too much. */
	onCostly?(): void;
	/** The process died. */
	onError(error: unknown): void;
	/** Tests bring their own. */
	script?: URL;
	hereUpTo?: number;
	maxWriteMs?: number;
};

/** Whose a batch is, with what is kept of the page from one to the next. */
export type ScribePage = Author & {
	/** Ids of the page's `style` elements; its own set, which its batches change. */
	styles: Set<number>;
	budget: PageBudget;
};

type Waiting = {
	id: number;
	content: Content;
	page: ScribePage;
	deaths: number;
	resolve(batch: SafeBatch | null): void;
	reject(error: Error): void;
};

/** `unable`: it could not be begun or reached, which is no fault of the batch. */
type End = { how: 'died' | 'late' | 'unable'; why: string };

export class Scribe {
	private readonly options: Required<ScribeOptions>;
	private child: ChildProcess | null = null;
	/** One batch at a time is with the process, so that it is known whose its death is. */
	private current: (Waiting & { timer: NodeJS.Timeout }) | null = null;
	private readonly waiting = new FairQueue<Waiting>();
	private readonly turns = new Turns({ cpuMs });
	private lastId = 0;
	private isOver = false;

	constructor(options: ScribeOptions) {
		const script = new URL('./scribe-child.ts', import.meta.url);
		const usual = { script, hereUpTo: HERE_UP_TO, maxWriteMs: MAX_WRITE_MS, onCostly: () => undefined };
		this.options = { ...usual, ...options };
	}

	/**
	 * The batch as it may be kept, or null when it is none; in this very turn where it is small. One batch of a page at a time.
	 * @throws Error where it could not be tried: the page may send it again
	 */
	write(page: ScribePage, content: Content): SafeBatch | null | Promise<SafeBatch | null> {
		const { hereUpTo, allowedAssets, onCostly } = this.options;
		const { styles, budget } = page;
		const isCostly = budget.isOverInLoop;
		if (isCostly) onCostly();
		if ((isCostly || content.length > hereUpTo) && !this.isOver) return this.writeElsewhere(page, content);
		const spend = (ms: number): void => budget.spendInLoop(ms);
		const safety = { allowedAssets, styles };
		if (content.length > AT_ONCE_UP_TO && !this.isOver)
			return this.turns.run(page, pieces(content, safety), spend);
		// So little that asking the system for CPU time would cost as much again; what passed is near enough.
		const from = performance.now();
		const raw = readContent(content);
		const batch = raw && writeBatch(raw, safety);
		spend(performance.now() - from);
		return batch;
	}

	/** What is under way is still written, where it is. */
	stop(): void {
		this.isOver = true;
		if (!this.current) this.child?.disconnect();
	}

	private writeElsewhere(page: ScribePage, content: Content): Promise<SafeBatch | null> {
		return new Promise((resolve, reject) => {
			this.waiting.push(page, { id: ++this.lastId, content, page, deaths: 0, resolve, reject });
			if (!this.current) this.next();
		});
	}

	private next(): void {
		const batch = this.waiting.take();
		if (!batch) return this.rest();
		const child = this.running();
		hold(child);
		const timer = setTimeout(
			() => this.end(child, { how: 'late', why: 'it took too long' }),
			this.options.maxWriteMs
		);
		this.current = { ...batch, timer };
		const { id, content, page } = batch;
		this.say(child, { say: 'write', id, content, styles: [...page.styles] });
	}

	private rest(): void {
		if (!this.child) return;
		if (this.isOver) this.child.disconnect();
		else release(this.child);
	}

	private running(): ChildProcess {
		if (this.child) return this.child;
		const child = fork(fileURLToPath(this.options.script), [], {
			execArgv: [`--max-old-space-size=${HEAP_MB}`],
			// It reads nothing but batches: no secret of the environment is its business.
			env: {},
			serialization: 'advanced',
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		child.on('message', (answer: ScribeAnswer) => this.answered(child, answer));
		child.on('error', ({ message: why }) => this.end(child, { how: 'unable', why }));
		child.on('exit', (code, signal) =>
			this.end(child, { how: 'died', why: `it ended by ${signal ?? `code ${code}`}` })
		);
		this.child = child;
		return child;
	}

	private say(child: ChildProcess, ask: ScribeAsk): void {
		child.send(ask, (error) => error && this.end(child, { how: 'unable', why: error.message }));
	}

	private answered(child: ChildProcess, answer: ScribeAnswer): void {
		const { current } = this;
		if (current?.id !== answer.id) return;
		if (answer.say === 'names') {
			const addresses = answer.names.slice(0, MAX_NAMES).map(this.options.allowedAssets);
			return this.say(child, { say: 'addresses', id: answer.id, addresses });
		}
		const { styles } = current.page;
		styles.clear();
		for (const id of answer.styles) styles.add(id);
		this.spend(current.page, answer.cpuMs);
		this.settle(current, answer.batch);
		this.next();
	}

	private end(child: ChildProcess, { how, why }: End): void {
		if (child !== this.child) return;
		this.child = null;
		child.kill('SIGKILL');
		const { current } = this;
		if (!current) return;
		this.options.onError(new Error(`The writing process died of a batch: ${why}`));
		clearTimeout(current.timer);
		this.current = null;
		const deaths = current.deaths + 1;
		if (how !== 'unable') this.spend(current.page, this.options.maxWriteMs);
		if (how === 'unable') current.reject(new Error(`The writing process cannot be reached: ${why}`));
		else if (how === 'died' && deaths < MAX_DEATHS)
			this.waiting.putBack(current.page, { ...current, deaths });
		else current.resolve(null);
		this.next();
	}

	private spend(page: ScribePage, ms: number): void {
		page.budget.spendElsewhere(ms);
		this.waiting.spend(page, ms);
	}

	private settle({ timer, resolve }: Waiting & { timer: NodeJS.Timeout }, batch: SafeBatch | null): void {
		clearTimeout(timer);
		this.current = null;
		resolve(batch);
	}
}

/** Only while it writes does the child keep the hub alive. */
function hold(child: ChildProcess): void {
	child.ref();
	child.channel?.ref();
}

function release(child: ChildProcess): void {
	child.unref();
	child.channel?.unref();
}
