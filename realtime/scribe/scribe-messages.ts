// What the hub and its writing process say to each other about one batch. Addresses are the hub's to allow: the process asks for
// those it meets before it writes.
import type { Content, SafeBatch } from './write-batch.ts';

export type ScribeAsk =
	| { say: 'write'; id: number; content: Content; styles: number[] }
	/** In the order of the question; null shows nothing in its place. */
	| { say: 'addresses'; id: number; addresses: (string | null)[] };

export type ScribeAnswer =
	| { say: 'names'; id: number; names: string[] }
	/** `batch` is null for what is none; `cpuMs` is what it took. */
	| { say: 'written'; id: number; batch: SafeBatch | null; styles: number[]; cpuMs: number };

/** Addresses that one batch may name; a page shows some hundred. Of the others nothing is shown. */
export const MAX_NAMES = 5_000;
