// Numbers both ends of the wire must agree on. Each says why it is that number.

/** Raised when a message changes meaning; a mismatch is refused and the page offers a reload [W2]. */
export const PROTOCOL_VERSION = 1;

/** socket.io path on the agency and the portal host (contract.md §Addresses). */
export const HUB_PATH = '/hub';

/** Largest part of a batch in one message: well below MAX_MESSAGE_BYTES, so that no packet is ever dropped silently. */
export const MAX_PART_BYTES = 256 * 1024;

/** Largest message the hub reads at all; beyond it engine.io closes the connection. */
export const MAX_MESSAGE_BYTES = 512 * 1024;

/** Largest batch after its parts are joined: a full snapshot of about 200 000 nodes. */
export const MAX_BATCH_BYTES = 16 * 1024 * 1024;

/** A batch is closed at this many events, so that one parse never stalls the hub's loop for long. */
export const MAX_BATCH_EVENTS = 512;

/** How often the hub asks a page for a sign of life: three misses fit into the lease. */
export const BEAT_INTERVAL_MS = 4_000;

/** A change needs a beat younger than this (product.md §Rules, lease). */
export const LEASE_MS = 15_000;

/** Without a beat of any page for this long the impersonation ends (product.md §Rules, lease). */
export const SILENT_LIMIT_MS = 120_000;

/** After the end the record socket may still flush for this long, so that the decisive second is kept (design.md §4). */
export const FLUSH_AFTER_END_MS = 2_000;

/** A recording page sends its quiet batches this often; interaction and watched pages flush at once (recording.md §5.2). */
export const QUIET_FLUSH_MS = 250;

/** A page in boxes for the wall: places in so many steps of each side. */
export const SKETCH_STEPS = 255;

/** Kind, left, top, width and height. */
export const NUMBERS_PER_BOX = 5;

/** So many boxes are about 2 KB. */
export const MAX_SKETCH_BOXES = 120;

/** A line of the chat, and the sentence beside a raised hand. */
export const MAX_CHAT_CHARS = 1_000;
export const MAX_HAND_CHARS = 200;

/** What a holder of control types at once: a pasted paragraph. */
export const MAX_TYPED_CHARS = 2_000;

/** Points of a stroke in one message: two seconds of drawing. */
export const MAX_POINTS_AT_ONCE = 64;

/** A pointer that does not move any more is taken away. */
export const POINTER_GONE_MS = 6_000;

/** A stroke fades this long after its last point. */
export const STROKE_SHOWN_MS = 6_000;
