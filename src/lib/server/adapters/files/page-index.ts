// Where each batch of one page lies: 16 bytes a batch, sorted by number, however many hours the page lives.

export type Place = { seq: number; segment: number; offset: number; length: number };

const FIELDS = 4;
const FIRST_CAPACITY = 16;

export class PageIndex {
	readonly impersonationId: string;
	/** Segment with the newest record of what was trimmed, or null. */
	trimmedIn: number | null = null;
	#cells = new Uint32Array(FIRST_CAPACITY * FIELDS);
	#count = 0;
	/** Batches from the first one on that follow each other without a hole. */
	#run = 0;
	/** The number that the first batch after the trimmed ones has. */
	#floor = 0;

	constructor(impersonationId: string) {
		this.impersonationId = impersonationId;
	}

	/** Highest number without a hole from 0, or -1. */
	get got(): number {
		return this.#floor + this.#run - 1;
	}

	get count(): number {
		return this.#count;
	}

	/** Number up to which batches were trimmed, or -1. */
	get trimmed(): number {
		return this.#floor - 1;
	}

	/** True for a number that is here, or was trimmed. */
	has(seq: number): boolean {
		if (seq < this.#floor) return true;
		const at = this.#firstFrom(seq);
		return at < this.#count && this.#cells[at * FIELDS] === seq;
	}

	/** Adds a place; the number must be new. */
	add({ seq, segment, offset, length }: Place): void {
		if ((this.#count + 1) * FIELDS > this.#cells.length) this.#resize(this.#cells.length * 2);
		const at = this.#firstFrom(seq);
		// Numbers come nearly in order, so this moves nothing as a rule.
		this.#cells.copyWithin((at + 1) * FIELDS, at * FIELDS, this.#count * FIELDS);
		this.#cells.set([seq, segment, offset, length], at * FIELDS);
		this.#count += 1;
		this.#extendRun();
	}

	/** Forgets the batches up to a number. @returns how many of them each segment held */
	trim(upToSeq: number): Map<number, number> {
		const gone = this.#firstFrom(upToSeq + 1);
		const counts = this.#segmentsOf(gone);
		this.#cells.copyWithin(0, gone * FIELDS, this.#count * FIELDS);
		this.#count -= gone;
		this.#floor = Math.max(this.#floor, upToSeq + 1);
		this.#run = Math.max(0, this.#run - gone);
		this.#extendRun();
		if (this.#cells.length > FIRST_CAPACITY * FIELDS && this.#count * FIELDS * 4 < this.#cells.length)
			this.#resize(this.#cells.length / 2);
		return counts;
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
		return this.#segmentsOf(this.#count);
	}

	#segmentsOf(first: number): Map<number, number> {
		const counts = new Map<number, number>();
		for (let at = 0; at < first; at += 1) {
			const { segment } = this.#place(at);
			counts.set(segment, (counts.get(segment) ?? 0) + 1);
		}
		return counts;
	}

	#extendRun(): void {
		while (this.#run < this.#count && this.#cells[this.#run * FIELDS] === this.#floor + this.#run)
			this.#run += 1;
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

	#resize(length: number): void {
		const cells = new Uint32Array(length);
		cells.set(this.#cells.subarray(0, this.#count * FIELDS));
		this.#cells = cells;
	}
}
