import { expect, it } from 'vitest';
import type { CheckpointKind } from '#recorder/format/block-header.ts';
import { groupBlocks } from './group-blocks.ts';

/** Blocks of ten seconds and ten batches each. */
const blocks = (...kinds: CheckpointKind[]) =>
	kinds.map((checkpoint, at) => ({
		firstSeq: at * 10,
		lastSeq: at * 10 + 9,
		fromAt: at * 10_000,
		toAt: at * 10_000 + 9_900,
		bytes: 1_000,
		checkpoint
	}));
const sizes = (list: ReturnType<typeof blocks>) => groupBlocks(list).map((group) => group.length);

it('makes a minute of six times ten seconds', () => {
	expect(sizes(blocks('empty', ...Array.from({ length: 12 }, () => 'whole' as const)))).toEqual([6, 6, 1]);
});

it('ends a group at a hole, and where the objects would become too large', () => {
	const list = blocks('empty', 'whole', 'whole', 'whole');
	expect(sizes(list.filter((_, at) => at !== 1))).toEqual([1, 2]);
	list[2]!.bytes = 256 * 1024;
	expect(sizes(list)).toEqual([2, 1, 1]);
});

it('keeps every place from which playback can start', () => {
	expect(sizes(blocks('unsure', 'unsure', 'whole', 'unsure', 'whole'))).toEqual([2, 3]);
	expect(sizes(blocks('whole', 'failed', 'failed', 'whole'))).toEqual([1, 1, 1, 1]);
});

it('makes nothing of nothing', () => {
	expect(groupBlocks([])).toEqual([]);
});
