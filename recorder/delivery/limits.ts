// How much the recorder keeps and for how long it waits. Every buffer has a limit in bytes [D4].

/** Soft size of a batch in characters: one WebSocket message on a slow line is still away in about a second. */
export const BATCH_CHARACTERS = 128 * 1024;

/** Bytes on the way at once: enough to fill a line, little enough that a refusal costs no more than this. */
export const WINDOW_BYTES = 1024 * 1024;

/** Above this much unacknowledged: flush rarely and leave pointer moves out. */
export const WIDEN_ABOVE_BYTES = 5 * 1024 * 1024;

/** Above this much everything is left out: a tab must not die of its recorder. */
export const DROP_ABOVE_BYTES = 20 * 1024 * 1024;

/** Below this much it is over: the gap is marked and the page photographed anew. */
export const RECOVERED_BELOW_BYTES = WIDEN_ABOVE_BYTES / 2;

/** Flush interval while the connection cannot keep up. */
export const WIDE_FLUSH_MS = 2_000;

/** sessionStorage holds about 5 MB of UTF-16; beyond this the hand-over goes to IndexedDB. */
export const HANDOVER_CHARACTERS = 1024 * 1024;

/** No answer for this long means it is lost: one beat interval more than the hub ever takes. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Pause before trying again what the hub put off. */
export const RETRY_MS = 1_000;

/** The end page must show within a second of the end; half of it is for the last batches. */
export const FLUSH_BEFORE_END_MS = 500;

/** How long a new document tries to deliver for the one before it; then the next document tries. */
export const HANDOVER_TRY_MS = 60_000;
