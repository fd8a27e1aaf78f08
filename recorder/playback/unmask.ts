// Puts the words back in the place of blocks, for a reviewer who unmasked the recording. Both are hostile: whoever held
// the page's ticket also had the client's public key. So words go only where text, a value or a label is shown.
import { EVENT, isLoose, SOURCE, type Loose, type RecordedEvent } from '../format/events.ts';
import { isBlocks, type PersonalNote } from '../format/masked.ts';
import { safeText } from '../format/safe-tree.ts';

/** Attributes that are read as words and do nothing else; none of them loads, runs or styles. */
const WORDS = ['title', 'alt', 'placeholder', 'label', 'summary', 'aria-label', 'aria-description'];

/** A piece is encrypted a moment after the event it belongs to, maybe sent with another reading of the clock. */
const CLOCK_SLACK_MS = 50;

type Word = { at: number; words: string };

/** The words of one page by node, what of it, and time. */
export class PersonalWords {
	private readonly byPlace = new Map<string, Word[]>();
	private readonly styles = new Set<number>();

	constructor(notes: readonly PersonalNote[]) {
		for (const [at, id, what, words] of notes) {
			const place = `${id} ${what}`;
			const known = this.byPlace.get(place) ?? [];
			known.push({ at, words });
			this.byPlace.set(place, known);
		}
		for (const known of this.byPlace.values()) known.sort((a, b) => a.at - b.at);
	}

	/** Changes events that were parsed for one showing, in their order. Their timestamps are hub time. */
	show(events: RecordedEvent[]): RecordedEvent[] {
		for (const { type, timestamp, data } of events) {
			if (!isLoose(data)) continue;
			if (type === EVENT.fullSnapshot) this.showTree(data.node, timestamp);
			if (type !== EVENT.incremental) continue;
			if (data.source === SOURCE.mutation) this.showMutation(data, timestamp);
			if (data.source === SOURCE.input) data.text = this.inPlaceOf(data.text, data.id, 'v', timestamp);
		}
		return events;
	}

	private wordsOf(id: unknown, what: string, at: number): string | null {
		const known = this.byPlace.get(`${String(id)} ${what}`);
		if (!known) return null;
		// A checkpoint stands at a time of its own: what counts is the latest before it.
		const latest = known.findLast((word) => word.at <= at + CLOCK_SLACK_MS) ?? known[0];
		return latest?.words ?? null;
	}

	private inPlaceOf(shown: unknown, id: unknown, what: string, at: number): unknown {
		if (typeof shown !== 'string' || !isBlocks(shown)) return shown;
		return this.wordsOf(id, what, at) ?? shown;
	}

	private showTree(root: unknown, at: number): void {
		const stack: { node: unknown; isStyle: boolean }[] = [{ node: root, isStyle: false }];
		for (let next = stack.pop(); next; next = stack.pop()) {
			const { node, isStyle } = next;
			if (!isLoose(node)) continue;
			if (typeof node.textContent === 'string' && !isStyle)
				node.textContent = this.inPlaceOf(node.textContent, node.id, 't', at);
			const isSheet = typeof node.tagName === 'string' && /^(?:.*:)?(?:style|script)$/i.test(node.tagName);
			if (isSheet) this.styles.add(node.id as number);
			else if (isLoose(node.attributes)) this.showAttributes(node.attributes, node.id, at);
			for (const child of Array.isArray(node.childNodes) ? node.childNodes : [])
				stack.push({ node: child, isStyle: isSheet });
		}
	}

	private showAttributes(attributes: Loose, id: unknown, at: number): void {
		if ('value' in attributes) attributes.value = this.inPlaceOf(attributes.value, id, 'v', at);
		// They were left out when the page was recorded, so there is nothing in whose place they could go.
		for (const name of WORDS) {
			const words = this.wordsOf(id, name, at);
			if (words !== null && attributes[name] === undefined) attributes[name] = words;
		}
	}

	private showMutation(data: Loose, at: number): void {
		for (const add of list(data.adds)) {
			const isStyle = this.styles.has(add.parentId as number);
			if (!isStyle) this.showTree(add.node, at);
		}
		for (const change of list(data.texts)) {
			const words = this.inPlaceOf(change.value, change.id, 't', at);
			// Whose text it is, only its id says: should it be a style sheet after all, the words must be harmless there.
			if (words !== change.value)
				change.value = safeText(String(words), 'unknown', { allowedAssets: () => null, styles: this.styles });
		}
		for (const change of list(data.attributes))
			if (isLoose(change.attributes)) this.showAttributes(change.attributes, change.id, at);
	}
}

const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isLoose) : []);
