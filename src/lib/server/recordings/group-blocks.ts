// Which blocks that follow each other become one. Pure.
import type { BlockRow } from './block-rows.ts';
import { COMPACT_BYTES, COMPACT_SPAN_MS } from './seal-limits.ts';

type Mergeable = Pick<BlockRow, 'firstSeq' | 'lastSeq' | 'fromAt' | 'toAt' | 'bytes' | 'checkpoint'>;

const isPlayable = ({ checkpoint }: Mergeable): boolean => checkpoint === 'whole' || checkpoint === 'empty';

function belongs<B extends Mergeable>(group: readonly B[], block: B): boolean {
	const [first, last] = [group[0], group.at(-1)];
	if (!first || !last || block.firstSeq !== last.lastSeq + 1) return false;
	// Times of such a block are those of receipt: with another's clock they would move.
	if (first.checkpoint === 'failed' || block.checkpoint === 'failed') return false;
	// A place from which playback can start must not vanish behind one from which it cannot.
	if (!isPlayable(first) && isPlayable(block)) return false;
	const bytes = group.reduce((sum, one) => sum + one.bytes, block.bytes);
	return block.toAt - first.fromAt <= COMPACT_SPAN_MS && bytes <= COMPACT_BYTES;
}

/** Blocks of one page, in order, as groups in order. */
export function groupBlocks<B extends Mergeable>(blocks: readonly B[]): B[][] {
	const groups: B[][] = [];
	for (const block of blocks) {
		const group = groups.at(-1);
		if (group && belongs(group, block)) group.push(block);
		else groups.push([block]);
	}
	return groups;
}
