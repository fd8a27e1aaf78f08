// Long work in the hub's loop, a piece in each of its turns: what is short and comes meanwhile is done in between. Fifty snapshots that
// come at once hold nobody's keystrokes up for longer than one piece. What was begun is ended before other work is begun: begun all together
// they would all be ended last.
import { FairQueue, type Author } from './fair-queue.ts';

/** A turn begins no other piece after so long. */
const TURN_MS = 3;

/** Each `yield` is a place where something else may be done first. */
export type Work<Result> = Generator<undefined, Result, undefined>;

/** Takes one piece; true once there is none left. */
type Step = () => boolean;

type TurnsOptions = {
	/** A clock of the time that work takes, in ms. */
	cpuMs(): number;
	/** Calls back in the loop's next turn, behind what has come by then. */
	nextTurn?(turn: () => void): void;
};

export class Turns {
	private readonly options: Required<TurnsOptions>;
	private readonly queue = new FairQueue<Step>();
	private begun: Step | undefined;
	private isTaking = false;

	constructor(options: TurnsOptions) {
		this.options = { nextTurn: (turn) => void setImmediate(turn), ...options };
	}

	/** @param spend is told what each piece took */
	run<Result>(author: Author, work: Work<Result>, spend: (ms: number) => void): Promise<Result> {
		return new Promise((resolve, reject) => {
			const step = (): boolean => {
				const from = this.options.cpuMs();
				try {
					const { done, value } = work.next();
					if (done) resolve(value);
					return done === true;
				} catch (error) {
					reject(error instanceof Error ? error : new Error(String(error)));
					return true;
				} finally {
					const ms = this.options.cpuMs() - from;
					this.queue.spend(author, ms);
					spend(ms);
				}
			};
			this.queue.push(author, step);
			this.goOn();
		});
	}

	private goOn(): void {
		if (this.isTaking || (this.queue.size === 0 && !this.begun)) return;
		this.isTaking = true;
		this.options.nextTurn(() => {
			this.isTaking = false;
			this.takeTurn();
			this.goOn();
		});
	}

	private takeTurn(): void {
		const until = this.options.cpuMs() + TURN_MS;
		do {
			this.begun ??= this.queue.take();
			if (!this.begun) return;
			if (this.begun()) this.begun = undefined;
		} while (this.options.cpuMs() < until);
	}
}
