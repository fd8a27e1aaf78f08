// Remembers what was typed into secret fields or stood in secret areas, to find it wherever else it turns up: mirrored
// text, a swapped field, an address, a message. Nothing of it leaves the page.
import { isBlocks } from '../format/masked.ts';
import { HIDDEN } from './scrub.ts';

/** A secret shorter than this is found in too many harmless words to be looked for. */
const MIN_REMEMBERED = 6;
const MAX_REMEMBERED = 300;
/** A page that mirrors with a delay still shows what was typed a moment ago; later the half word would only hide labels. */
const SUPERSEDED_LIVES_MS = 2_000;

export class KnownSecrets {
	/** By their first signs, so that a text is searched once for all values that begin alike. */
	private readonly heads = new Map<string, Map<string, number>>();
	private readonly latest = new WeakMap<object, string>();
	private count = 0;
	private readonly now: () => number;

	/** Not the wall clock: set back by an hour, a half word would hide labels for as long. */
	constructor(now: () => number = () => performance.now()) {
		this.now = now;
	}

	/** False while there is nothing to look for, which is nearly always. */
	get areAny(): boolean {
		return this.count > 0;
	}

	/** The value a field holds now: while somebody types, each longer value takes the shorter one's place. */
	remember(owner: object, value: string): void {
		// Events are masked twice; the mask must not take the value's place.
		if (value === HIDDEN || value.length < MIN_REMEMBERED || isBlocks(value)) return;
		const before = this.latest.get(owner);
		if (before === value) return;
		if (before !== undefined && value.startsWith(before)) this.supersede(before);
		this.latest.set(owner, value);
		for (const way of waysToWrite(value)) this.add(way);
	}

	/** Words of a secret area: only those that look like a code, since the others are labels. */
	rememberCodes(text: string): void {
		for (const word of text.slice(0, 5_000).split(/\s+/)) if (/\d/.test(word)) this.remember({}, word);
	}

	/** The text with every known secret in it replaced. */
	forget(text: string): string {
		let shown = text;
		for (const [head, values] of this.heads) if (shown.includes(head)) shown = this.hide(shown, head, values);
		return shown;
	}

	/** True when a known secret stands in the text. */
	isIn(text: string): boolean {
		return this.count > 0 && this.forget(text) !== text;
	}

	private hide(text: string, head: string, values: Map<string, number>): string {
		let shown = '';
		let from = 0;
		for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at)) {
			const length = this.longest(text, at, values);
			if (length > 0) {
				shown += text.slice(from, at) + HIDDEN;
				from = at + length;
			}
			at += length || 1;
		}
		return shown + text.slice(from);
	}

	private longest(text: string, at: number, values: Map<string, number>): number {
		let longest = 0;
		for (const [value, until] of values) {
			if (until < this.now()) {
				values.delete(value);
				this.count--;
			} else if (value.length > longest && text.startsWith(value, at)) longest = value.length;
		}
		return longest;
	}

	private add(value: string): void {
		const head = value.slice(0, MIN_REMEMBERED);
		const values = this.heads.get(head) ?? new Map<string, number>();
		if (!values.has(value)) this.count++;
		values.set(value, Infinity);
		this.heads.set(head, values);
		if (this.count > MAX_REMEMBERED) this.dropOldest();
	}

	private supersede(value: string): void {
		for (const way of waysToWrite(value)) {
			const values = this.heads.get(way.slice(0, MIN_REMEMBERED));
			if (values?.has(way)) values.set(way, this.now() + SUPERSEDED_LIVES_MS);
		}
	}

	private dropOldest(): void {
		const [oldest] = this.heads;
		if (!oldest) return;
		this.heads.delete(oldest[0]);
		this.count -= oldest[1].size;
	}
}

/** As typed, as an address writes it, and a card's number without its gaps. */
function waysToWrite(value: string): string[] {
	const ways = new Set([value, encodeURIComponent(value.toWellFormed())]);
	if (/^[\d\s-]{12,}$/.test(value)) ways.add(value.replace(/\D/g, ''));
	return [...ways].filter((way) => way.length >= MIN_REMEMBERED);
}
