// The way of an order to its page and of the answer back: to a socket here, or through the hub that has the page's connection.
import type { ControlAnswer, ControlOrder } from '#protocol/control.ts';
import { controlAnswerSchema } from '#protocol/control.ts';
import { ORDER_WAIT_MS } from './hub-limits.ts';

export type PageOrdersOptions = {
	hubId: string;
	/** Asks a page that is connected here; null where it is not. Rejects when it does not answer. */
	askHere(order: ControlOrder): Promise<unknown> | null;
	/** Whether another hub has its connection. */
	isElsewhere(pageId: string): boolean;
	say(request: string, order: ControlOrder): void;
	answer(request: string, answer: ControlAnswer): void;
};

export class PageOrders {
	private readonly options: PageOrdersOptions;
	private readonly waiting = new Map<string, (answer: ControlAnswer) => void>();
	private n = 0;

	constructor(options: PageOrdersOptions) {
		this.options = options;
	}

	/** Never rejects: a page that does not answer is `unreachable`. */
	async send(order: ControlOrder): Promise<ControlAnswer> {
		const here = this.options.askHere(order);
		if (here) return this.answerOf(here);
		if (!this.options.isElsewhere(order.pageId)) return 'unreachable';
		const request = `${this.options.hubId}:${this.n++}`;
		const answered = new Promise<ControlAnswer>((resolve) => {
			this.waiting.set(request, resolve);
			setTimeout(() => resolve('unreachable'), ORDER_WAIT_MS).unref();
		});
		this.options.say(request, order);
		return answered.finally(() => this.waiting.delete(request));
	}

	/** Another hub's holder means a page that may be here. */
	async hear(request: string, order: ControlOrder): Promise<void> {
		const here = this.options.askHere(order);
		if (here) this.options.answer(request, await this.answerOf(here));
	}

	hearAnswer(request: string, answer: ControlAnswer): void {
		this.waiting.get(request)?.(answer);
	}

	/** The page's word is taken for its own deed only, and only where it is one of ours. */
	private answerOf(asked: Promise<unknown>): Promise<ControlAnswer> {
		return asked.then(
			(answer) => controlAnswerSchema.catch('unreachable').parse(answer),
			() => 'unreachable' as const
		);
	}
}
