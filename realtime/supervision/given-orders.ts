// The orders of whoever has control: which page's count at the gate as theirs, and stretches of them that become one row each. Time is an
// argument; no text that was typed comes here.
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import type { MarkedOrder } from '#server/usecases/supervision/mark-order.ts';
import type { OrderRun, OrderStretch } from '#server/usecases/supervision/note-orders.ts';

/** Nothing for this long ends a stretch; so does its length, or that it is full. */
const QUIET_MS = 4_000;
const MAX_MS = 30_000;
const MAX_RUNS = 200;

/** A mark is good for some seconds: letters come thirty a second, and each would be a write. */
const MARK_AGAIN_MS = 1_000;

type Open<By> = { id: string; by: By; stretch: OrderStretch; last: number };
type Mark = { pageId: string; at: number };

export type GivenOrdersOptions = {
	now(): number;
	mark(id: string, order: MarkedOrder | null): Promise<void>;
	onError(error: unknown): void;
};

export class GivenOrders<By> {
	private readonly open = new Map<string, Open<By>>();
	/** By control: what the row says, and the last order that the page said it did. */
	private readonly marked = new Map<string, { said: Mark | null; done: Mark | null }>();
	private readonly options: GivenOrdersOptions;

	constructor(options: GivenOrdersOptions) {
		this.options = options;
	}

	/** It goes out now. Marked before the page answers: what a click sets off comes to the gate as soon as the answer to the hub. */
	given({ id, pageId, deed }: ControlOrder): number {
		const at = this.options.now();
		// What only moves the picture sets nothing off.
		if (deed.kind === 'scroll') return at;
		const known = this.marked.get(id) ?? { said: null, done: null };
		this.marked.set(id, known);
		if (known.said?.pageId !== pageId || at - known.said.at >= MARK_AGAIN_MS)
			this.mark(id, known, { pageId, at });
		return at;
	}

	/** The page answered. Attack: an order that was refused, as a cover for what the one inside does at that moment. */
	answered(by: By, order: ControlOrder, answer: ControlAnswer, at: number): void {
		const { id, pageId, deed } = order;
		this.add(by, order, answer, at);
		const known = this.marked.get(id);
		if (!known || deed.kind === 'scroll') return;
		if (answer === 'done') known.done = { pageId, at };
		else if (known.said?.pageId === pageId && known.said.at <= at) this.mark(id, known, known.done);
	}

	/** Those that nothing was added to any more; all of one control that is over. */
	takeDone(over: string | null = null): { by: By; stretch: OrderStretch }[] {
		const now = this.options.now();
		const done = [...this.open].filter(
			([, one]) => one.id === over || now - one.last >= QUIET_MS || isFull(one, now)
		);
		for (const [key] of done) this.open.delete(key);
		if (over !== null) this.marked.delete(over);
		return done.map(([, { by, stretch }]) => ({ by, stretch }));
	}

	takeAll(): { by: By; stretch: OrderStretch }[] {
		const all = [...this.open.values()];
		this.open.clear();
		return all;
	}

	private add(
		by: By,
		{ id, impersonationId, pageId, deed }: ControlOrder,
		answer: ControlAnswer,
		at: number
	) {
		const key = `${id}:${pageId}`;
		const known = this.open.get(key) ?? {
			id,
			by,
			stretch: { impersonationId, pageId, at, orders: [] },
			last: at
		};
		this.open.set(key, known);
		known.last = Math.max(known.last, at);
		const { stretch } = known;
		const ms = at - stretch.at;
		const run = stretch.orders.at(-1);
		if (run?.kind === deed.kind && run.answer === answer) Object.assign(run, { n: run.n + 1, to: ms });
		else stretch.orders.push({ kind: deed.kind, answer, n: 1, from: ms, to: ms } satisfies OrderRun);
	}

	private mark(id: string, known: { said: Mark | null }, order: Mark | null): void {
		known.said = order;
		const said = order && { pageId: order.pageId, msAgo: this.options.now() - order.at };
		// Not waited for: the order goes at once. Where it is lost, the log says only that control was held.
		this.options.mark(id, said).catch(this.options.onError);
	}
}

const isFull = ({ stretch }: Open<unknown>, now: number): boolean =>
	now - stretch.at >= MAX_MS || stretch.orders.length >= MAX_RUNS;
