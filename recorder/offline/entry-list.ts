// What happened, beside the screen: one list on one clock, the current row lit, each a jump to its moment.
import type { PackEntry } from './pack-index.ts';
import { clockText } from './page-parts.ts';

const JUMPED_TO = new Set(['action', 'refusal']);

/** Pages and quiet stretches are told by the picture itself. */
const isTold = ({ kind, cause }: PackEntry): boolean => kind !== 'page' && cause !== 'silent';

function rowOf(
	{ at, kind, title, subject, note, by }: PackEntry,
	seek: (ms: number) => void
): HTMLButtonElement {
	const button = document.createElement('button');
	button.type = 'button';
	const [time, what] = [document.createElement('time'), document.createElement('span')];
	time.textContent = clockText(at);
	what.textContent = subject === null ? title : `${title} ${subject}`;
	if (kind === 'refusal' || kind === 'fault') what.className = 'refused';
	button.append(time, what);
	const more = [by, note].filter((it) => it !== null && it !== '').join(' · ');
	if (more !== '') {
		const small = document.createElement('small');
		small.textContent = more;
		button.append(small);
	}
	button.addEventListener('click', () => seek(at));
	return button;
}

export class EntryList {
	private readonly root: HTMLElement;
	private readonly entries: PackEntry[];
	private readonly rows: HTMLButtonElement[];
	private lit: HTMLButtonElement | null = null;

	constructor(root: HTMLElement, entries: readonly PackEntry[], seek: (ms: number) => void) {
		this.root = root;
		this.entries = entries.filter(isTold);
		this.rows = this.entries.map((entry) => rowOf(entry, seek));
		root.append(
			...this.rows.map((row) => {
				const item = document.createElement('li');
				item.append(row);
				return item;
			})
		);
	}

	get length(): number {
		return this.rows.length;
	}

	/** When the next thing was done or tried, or null. */
	nextAfter(ms: number): number | null {
		return this.entries.find(({ at, kind }) => at > ms && JUMPED_TO.has(kind))?.at ?? null;
	}

	light(ms: number): void {
		const row = this.rows[this.entries.findLastIndex(({ at }) => at <= ms)] ?? null;
		if (row === this.lit) return;
		this.lit?.removeAttribute('aria-current');
		row?.setAttribute('aria-current', 'true');
		this.lit = row;
		// The list alone: the page itself must not jump while it plays.
		if (row) this.root.scrollTop = Math.max(0, row.offsetTop - this.root.clientHeight / 3);
	}
}
