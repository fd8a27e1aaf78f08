// Numbers of sealing. Each says why it is that number.

/** A block is cut before it would span more than this: a seek applies at most so much after its checkpoint. */
export const BLOCK_SPAN_MS = 10_000;

/**
 * …or before its batches pass this many bytes: a burst must not make one seek slow. One larger batch is a block alone. The
 * busiest page of the workload writes 240 KB in ten seconds, and half a megabyte where it rebuilds a long list.
 */
export const BLOCK_BYTES = 1024 * 1024;

/** Compacted blocks: seeks get a little slower, storage nearly halves. */
export const COMPACT_SPAN_MS = 60_000;
/** …of what the objects take up; packed as well as they are, that is several megabytes to read. */
export const COMPACT_BYTES = 256 * 1024;
/** Recordings are looked at in their first days, if at all. */
export const COMPACT_AFTER_DAYS = 7;

/** What a page may hold before its checkpoints are given up; a page of 50 000 nodes takes about a fifth of it. */
export const SHADOW_LIMITS = { maxNodes: 250_000, maxBytes: 96 * 1024 * 1024 } as const;

/** The sealing process’s heap: the largest batch as objects, the largest document and room to write it down. */
export const SEALER_HEAP_MB = 640;

/** Documents kept ready between two jobs of their pages, so that the last block need not be opened and applied again. */
export const KEPT_PAGES = 64;
/** …as long as all of them together are below this. */
export const KEPT_BYTES = 192 * 1024 * 1024;

/** The largest object that is read back: a batch at its limit beside the largest checkpoint, hardly packed. */
export const MAX_OBJECT_BYTES = 160 * 1024 * 1024;
