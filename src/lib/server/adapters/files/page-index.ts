// Where each batch of one page lies: 16 bytes a batch, sorted by number, however many hours the page lives.

export type Place = { seq: number; segment: number; offset: number; length: number };

const FIELDS = 4;
const FIRST_CAPACITY = 16;

export class PageIndex {
	#cells = new Uint32Array(FIRST_CAPACITY * FIELDS);
	#count = 0;
	#withoutHole = 0;

	/** Highest number without a hole from 0, or -1. */
	get got(): number {
		return this.#withoutHole - 1;
	}

	has(seq: number): boolean {
		const at = this.#firstFrom(seq);
		return at < this.#count && this.#cells[at * FIELDS] === seq;
	}

	/** Adds a place; the number must be new. */
	add({ seq, segment, offset, length }: Place): void {
		if ((this.#count + 1) * FIELDS > this.#cells.length) this.#grow();
		const at = this.#firstFrom(seq);
		// Numbers come nearly in order, so this moves nothing as a rule.
		this.#cells.copyWithin((at + 1) * FIELDS, at * FIELDS, this.#count * FIELDS);
		this.#cells.set([seq, segment, offset, length], at * FIELDS);
		this.#count += 1;
		while (this.#withoutHole < this.#count && this.#cells[this.#withoutHole * FIELDS] === this.#withoutHole)
			this.#withoutHole += 1;
	}

	/** Places from a number on, in order, until their files' span passes `maxSpan`; all lie in one segment. */
	run(from: number, maxSpan: number): Place[] {
		const places: Place[] = [];
		let low = Infinity;
		let high = 0;
		for (let at = this.#firstFrom(from); at < this.#count; at += 1) {
			const place = this.#place(at);
			low = Math.min(low, place.offset);
			high = Math.max(high, place.offset + place.length);
			const fits = place.segment === places[0]?.segment && high - low <= maxSpan;
			if (places.length > 0 && !fits) break;
			places.push(place);
		}
		return places;
	}

	/** How many batches each segment holds. */
	segments(): Map<number, number> {
		const counts = new Map<number, number>();
		for (let at = 0; at < this.#count; at += 1) {
			const { segment } = this.#place(at);
			counts.set(segment, (counts.get(segment) ?? 0) + 1);
		}
		return counts;
	}

	#place(at: number): Place {
		const [seq = 0, segment = 0, offset = 0, length = 0] = this.#cells.subarray(
			at * FIELDS,
			(at + 1) * FIELDS
		);
		return { seq, segment, offset, length };
	}

	#firstFrom(seq: number): number {
		let low = 0;
		let high = this.#count;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#cells[middle * FIELDS] ?? 0) < seq) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#grow(): void {
		const larger = new Uint32Array(this.#cells.length * 2);
		larger.set(this.#cells);
		this.#cells = larger;
	}
}
