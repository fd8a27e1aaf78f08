// Identifiers and secrets from the system's random source.
import { randomBytes } from 'node:crypto';
import type { Clock } from '#server/ports/clock.ts';
import type { Ids } from '#server/ports/ids.ts';
import { SystemClock } from './system-clock.ts';

const SECRET_BYTES = 32;

/** 12 bits beside the version: half of them are free at the start of each ms, so that a burst can count up. */
const COUNTER_LIMIT = 0x1000;
const COUNTER_START_MASK = 0x7ff;

/** RFC 9562 §6.2 method 1: a counter in `rand_a`, so that ids of one process sort in the order they were made. */
export class RandomIds implements Ids {
	readonly #clock: Clock;
	#lastMs = 0;
	#counter = 0;

	constructor(clock: Clock = new SystemClock()) {
		this.#clock = clock;
	}

	uuid(): string {
		const bytes = randomBytes(16);
		const now = this.#clock.now();
		if (now > this.#lastMs) {
			this.#lastMs = now;
			this.#counter = bytes.readUInt16BE(6) & COUNTER_START_MASK;
		} else {
			// The clock stands still or was set back: keep counting from the latest time.
			this.#counter += 1;
			if (this.#counter === COUNTER_LIMIT) {
				this.#lastMs += 1;
				this.#counter = 0;
			}
		}
		bytes.writeUIntBE(this.#lastMs, 0, 6);
		bytes.writeUInt16BE(0x7000 | this.#counter, 6);
		bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
		const hex = bytes.toString('hex');
		return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
	}

	secret(): string {
		return randomBytes(SECRET_BYTES).toString('base64url');
	}
}
