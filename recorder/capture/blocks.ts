// What stands in place of words that are masked: blocks whose number tells only a class of lengths, so that a page keeps
// its look while neither letters nor their count can be read off it.
import { BLOCK } from '../format/masked.ts';
import { HIDDEN } from './scrub.ts';

/** How much of an element may be shown, rising. `typed` is what people enter, where a profile masks that. */
export type Secrecy = 'shown' | 'masked' | 'typed' | 'personal' | 'secret';

/** Short words share one class: whether somebody is called Bo or Bea is nobody's business. */
const SMALLEST = 4;
/** A page needs no more blocks than fill a screen; each is three bytes on the wire. */
const LARGEST = 2_048;
/** A block of text without a gap could not be wrapped and would push the page aside. */
const RUN = 7;

const classOf = (count: number): number =>
	Math.min(LARGEST, SMALLEST * 2 ** Math.max(0, Math.ceil(Math.log2(count / SMALLEST))));

/** Blocks for a text; the same for every text of its class, and the same when masked again. */
export function blocks(text: string): string {
	const count = text.replace(/\s+/g, '').length;
	if (count === 0) return text;
	let size = classOf(count);
	const runs: string[] = [];
	for (; size > 0; size -= RUN) runs.push(BLOCK.repeat(Math.min(RUN, size)));
	const before = /^\s/.test(text) ? ' ' : '';
	return before + runs.join(' ') + (/\s$/.test(text) ? ' ' : '');
}

/** Text as it may leave: nothing of a secret, not even its length. */
export function maskText(text: string, secrecy: Secrecy): string {
	if (secrecy === 'shown' || text.trim() === '') return text;
	return secrecy === 'secret' ? HIDDEN : blocks(text);
}
