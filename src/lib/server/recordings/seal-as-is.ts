// A page that the sealing process died of, several times: its batches are kept as they came, nobody looks into them. Such a block
// says `failed`; the picture is known again from the next full snapshot on.
import { encodeActivity } from '#recorder/format/block-activity.ts';
import { frameBatch, type FramedBatch } from '#recorder/format/block-frames.ts';
import { encodePayload } from '#recorder/format/block-payload.ts';
import { chainOver } from './batch-chain.ts';
import { cutBlock } from './cut-block.ts';
import type { SealedBlock } from './page-sealer.ts';
import type { PageToSeal } from './seal-messages.ts';
import { sealBlock } from './sealed-object.ts';

/** A block of the first of these batches, without reading one of them; null while they fill none. */
export function sealAsIs(
	page: PageToSeal,
	batches: readonly FramedBatch[],
	isRest: boolean
): SealedBlock | null {
	const read = batches.map((batch) => ({ batch, events: null }));
	const taken = batches.slice(0, cutBlock(read, Number.NEGATIVE_INFINITY, isRest));
	const [first, last] = [taken[0], taken.at(-1)];
	if (!first || !last) return null;
	const times = taken.map(({ receivedAt }) => receivedAt);
	const span = { fromAt: first.receivedAt, toAt: Math.max(...times) };
	const figures = {
		...span,
		firstSeq: first.seq,
		lastSeq: last.seq,
		events: 0,
		checkpoint: 'failed' as const,
		batchHash: chainOver(page.batchHash, taken)
	};
	const facts = {
		...page.ids,
		...figures,
		policy: page.policy,
		batches: taken.length,
		previousHash: page.batchHash
	};
	const payload = encodePayload({ checkpoint: [], clockAt: first.receivedAt, frames: taken.map(frameBatch) });
	const object = sealBlock(facts, payload, { key: page.key, dictionary: null, effort: 'recent' });
	const activity = encodeActivity(span, { batches: times, acts: [] });
	return { object, figures: { ...figures, activity }, dictionary: null };
}
