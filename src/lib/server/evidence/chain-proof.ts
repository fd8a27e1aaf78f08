// Shows that rows stand in their agency's chain without showing the rows of others: those in between are told by where their hash
// stood just before it took in the row before them. Nothing of what they say can be had back from that, but for a part of the hash of
// their details, which a salt makes meaningless; and yet no row before them can be changed without changing theirs.
import { textAround, type ChainRow } from '#server/db/chain.ts';
import { stopIn } from './hash-by-hand.ts';
import type { ChainLink } from './pack-format.ts';

/** A row as it is hashed, as far as the previous row's hash. */
export function blindLink(row: ChainRow): ChainLink {
	const [before, between, after] = textAround(row);
	return { blind: stopIn(`${before}${row.seq}${between}${row.at}${after}`) };
}
