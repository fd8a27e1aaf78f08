// Batches of one page on their way to the hub: in order, in parts, a window at a time; kept until acknowledged and sent
// again above `got` after every new connection. Duplicates are harmless to the hub, holes are not.
import { MAX_PART_BYTES } from '#protocol/limits.ts';
import type { AppendReply } from '#protocol/record.ts';
import type { Refusal } from '#protocol/refusals.ts';
import { RETRY_MS, WINDOW_BYTES } from './limits.ts';
import type { Wire } from './wire.ts';

export type Batch = { seq: number; bytes: Uint8Array<ArrayBuffer> };

export type UplinkOptions = {
	wire: () => Wire;
	/** The watermark rose, or something was sent again: look at the state of things. */
	onProgress(): void;
	onRefused(refusal: Refusal): void;
};

export class Uplink {
	/** Highest acknowledged number. */
	got = -1;
	/** Bytes not acknowledged yet. */
	keptBytes = 0;
	private kept: Batch[] = [];
	/** Highest number sent on this connection. */
	private sent = -1;
	private inFlight = 0;
	private isConnected = false;
	/** Answers of an earlier connection or attempt say nothing about this one. */
	private attempt = 0;
	private retry: ReturnType<typeof setTimeout> | undefined;
	private readonly options: UplinkOptions;

	constructor(options: UplinkOptions) {
		this.options = options;
	}

	get unacknowledged(): readonly Batch[] {
		return this.kept;
	}

	add(batch: Batch): void {
		this.kept.push(batch);
		this.keptBytes += batch.bytes.length;
		this.pump();
	}

	/** A connection is ready and the hub holds everything up to `got`. */
	ready(got: number): void {
		this.isConnected = true;
		this.acknowledge(got);
		const first = this.kept[0]?.seq ?? this.got + 1;
		// The hub lost what it had acknowledged: those batches are gone, and a hole can never be filled.
		if (got < first - 1) return this.options.onRefused('wrong_page');
		this.restart();
	}

	/** Gives up all that is not acknowledged; the next batch takes the number after `got`. Says how many were lost. */
	discard(): { next: number; batches: number } {
		const batches = this.kept.length;
		this.kept = [];
		this.keptBytes = 0;
		this.attempt++;
		this.sent = this.got;
		this.inFlight = 0;
		return { next: this.got + 1, batches };
	}

	down(): void {
		this.isConnected = false;
		this.attempt++;
		clearTimeout(this.retry);
	}

	private restart(): void {
		this.attempt++;
		this.sent = this.got;
		this.inFlight = 0;
		this.pump();
		this.options.onProgress();
	}

	private acknowledge(got: number): void {
		if (got <= this.got) return;
		this.got = got;
		const open = this.kept.findIndex((batch) => batch.seq > got);
		const done = this.kept.splice(0, open === -1 ? this.kept.length : open);
		for (const { bytes } of done) this.keptBytes -= bytes.length;
	}

	private pump(): void {
		const offset = this.kept[0]?.seq ?? 0;
		while (this.isConnected && this.inFlight < WINDOW_BYTES) {
			const batch = this.kept[this.sent + 1 - offset];
			if (!batch) return;
			this.sent = batch.seq;
			this.send(batch);
		}
	}

	private send({ seq, bytes }: Batch): void {
		const parts = Math.max(1, Math.ceil(bytes.length / MAX_PART_BYTES));
		const { attempt } = this;
		for (let part = 0; part < parts; part++) {
			const slice = bytes.subarray(part * MAX_PART_BYTES, (part + 1) * MAX_PART_BYTES);
			this.inFlight += slice.length;
			this.options.wire().append({ seq, part, parts }, slice, (reply) => {
				if (attempt !== this.attempt) return;
				this.inFlight -= slice.length;
				this.answered(reply);
			});
		}
	}

	private answered(reply: AppendReply | null): void {
		if (reply?.ok) {
			this.acknowledge(reply.got);
			this.pump();
			return this.options.onProgress();
		}
		if (reply) this.acknowledge(reply.got);
		const isPutOff = !reply || reply.refusal === 'try_later' || reply.refusal === 'too_fast';
		if (!isPutOff) return this.options.onRefused(reply.refusal);
		this.attempt++;
		clearTimeout(this.retry);
		this.retry = setTimeout(() => this.isConnected && this.restart(), RETRY_MS);
	}
}
