import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppendReply } from '#protocol/record.ts';
import { KEEP_BYTES, MAX_FILLED, RETRY_MS } from './limits.ts';
import { Uplink, type Batch } from './uplink.ts';

const MB = 1024 * 1024;
const batch = (seq: number, size = 1): Batch => ({
	seq,
	bytes: new Uint8Array(size),
	clock: { wall: 5, mono: 5 }
});

function create() {
	const said: string[] = [];
	const sent: number[] = [];
	const replies: ((reply: AppendReply | null) => void)[] = [];
	const uplink: Uplink = new Uplink({
		wire: () => ({
			append: ({ seq }, _bytes, reply) => {
				sent.push(seq);
				replies.push(reply);
			},
			where: () => undefined,
			close: () => undefined
		}),
		onProgress: () => undefined,
		onRefused: (refusal) => said.push(refusal),
		onFilled: () => said.push('filled')
	});
	return { uplink, said, sent, replies };
}

const numbers = (uplink: Uplink): number[] => uplink.unsafe.map(({ seq }) => seq);

describe('what an uplink keeps', () => {
	it('is at most 50 MB, and what the live log does not hold goes last', () => {
		const { uplink } = create();
		for (let seq = 0; seq < 60; seq++) uplink.add(batch(seq, MB));
		expect(numbers(uplink)).toHaveLength(60);
		uplink.ready({ got: 29, safe: 3 }, 60);
		expect([numbers(uplink)[0], numbers(uplink).length]).toEqual([10, KEEP_BYTES / MB]);
		expect(uplink.waitingBytes).toBe(30 * MB);
	});
	it('is counted again when the hub goes back', () => {
		const { uplink, sent } = create();
		for (let seq = 0; seq < 6; seq++) uplink.add(batch(seq, 10));
		uplink.ready({ got: 4, safe: 1 }, 6);
		expect(uplink.waitingBytes).toBe(10);
		uplink.ready({ got: 2, safe: 1 }, 6);
		expect([uplink.waitingBytes, numbers(uplink)]).toEqual([30, [2, 3, 4, 5]]);
		expect(sent).toEqual([5, 3, 4, 5]);
	});
	it('is filled with marks where copies of a page that is gone have holes', () => {
		const { uplink, said } = create();
		uplink.add(batch(4));
		uplink.add(batch(7));
		uplink.ready({ got: 1, safe: 1 }, 0);
		expect(numbers(uplink)).toEqual([2, 3, 4, 5, 6, 7]);
		const text = new TextDecoder().decode(uplink.unsafe[0]?.bytes);
		expect(JSON.parse(text)).toMatchObject([{ type: 5, timestamp: 5, data: { tag: 'dropped' } }]);
		expect(said).toEqual(['filled']);
	});
	it('begins anew rather than fill more numbers than a page makes in minutes', () => {
		const { uplink, said } = create();
		uplink.add(batch(1));
		uplink.add(batch(MAX_FILLED * 1_000));
		expect(numbers(uplink)).toEqual([1]);
		uplink.ready({ got: -1, safe: -1 }, 0);
		uplink.keepAbove(1);
		uplink.ready({ got: -1, safe: -1 }, MAX_FILLED + 1);
		expect(said).toEqual(['filled', 'malformed']);
	});
});

describe('what an uplink sends', () => {
	afterEach(() => void vi.useRealTimers());

	it('is sent again after a while when no answer came, and not for an answer to an earlier connection', () => {
		vi.useFakeTimers();
		const { uplink, sent, replies } = create();
		uplink.add(batch(0));
		uplink.ready({ got: -1, safe: -1 }, 1);
		uplink.down();
		uplink.ready({ got: -1, safe: -1 }, 1);
		expect(sent).toEqual([0, 0]);
		replies[0]?.(null);
		vi.advanceTimersByTime(2 * RETRY_MS);
		expect(sent).toEqual([0, 0]);
		replies[1]?.(null);
		vi.advanceTimersByTime(2 * RETRY_MS);
		expect(sent).toEqual([0, 0, 0]);
	});

	it('is sent again after a refusal however fast the page goes on, and nothing before that', () => {
		vi.useFakeTimers();
		const { uplink, sent, replies } = create();
		uplink.add(batch(0));
		uplink.ready({ got: -1, safe: -1 }, 1);
		// What came above the refused one is refused for the hole.
		const refuse = (): void => {
			for (const reply of replies.splice(0)) reply({ ok: false, refusal: 'try_later', got: -1 });
		};
		refuse();
		for (let seq = 1; seq <= 6; seq++) {
			vi.advanceTimersByTime(RETRY_MS / 4);
			uplink.add(batch(seq));
			if (seq < 4) refuse();
		}
		expect(sent).toEqual([0, 0, 1, 2, 3, 4, 5, 6]);
	});
});
