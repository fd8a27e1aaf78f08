// Who is inside, kept true while the page stands open. The page asks: a contact has no socket of the hub, and a stream
// held open by each tab would use up the six connections a browser has for a host over HTTP/1.1, so that the seventh tab
// of a client would load nothing. A hidden tab asks nothing, and asks at once when it is looked at again.
import type { VisitNow } from '#server/usecases/portal/read-visits-now.ts';

/** Soon enough for a visit that lasts minutes, and six requests a minute for each page that somebody looks at. */
const QUIET_MS = 10_000;
/** While somebody is inside: what they did so far is told, and that they are gone. */
const VISITED_MS = 4_000;

/** Signed out, or it may not be asked any more: asking again would not help. */
const isFinal = (status: number): boolean => status === 401 || status === 404 || status === 410;

export class LiveVisits {
	now: readonly VisitNow[] = $state.raw([]);
	private timer: ReturnType<typeof setTimeout> | undefined;
	private gone = new AbortController();

	constructor(first: readonly VisitNow[]) {
		this.now = first;
	}

	/** What a fresh answer of the server says. */
	adopt(visits: readonly VisitNow[]): void {
		this.now = visits;
	}

	/** Asks at once, and then in its own time again. */
	async ask(): Promise<void> {
		clearTimeout(this.timer);
		const answer = await fetch('/visits', {
			headers: { accept: 'application/json' },
			signal: this.gone.signal
		}).catch(() => null);
		if (this.gone.signal.aborted || (answer && isFinal(answer.status))) return;
		// Not answered, or not now: what was known stays until it is known better.
		if (answer?.ok) this.now = (await answer.json().catch(() => this.now)) as readonly VisitNow[];
		this.wait();
	}

	/** @returns how to stop */
	follow(): () => void {
		const looked = () => {
			if (document.visibilityState === 'visible') void this.ask();
			else clearTimeout(this.timer);
		};
		this.gone = new AbortController();
		document.addEventListener('visibilitychange', looked, { signal: this.gone.signal });
		this.wait();
		return () => {
			this.gone.abort();
			clearTimeout(this.timer);
		};
	}

	private wait(): void {
		clearTimeout(this.timer);
		if (this.gone.signal.aborted || document.visibilityState !== 'visible') return;
		this.timer = setTimeout(() => void this.ask(), this.now.length > 0 ? VISITED_MS : QUIET_MS);
	}
}
