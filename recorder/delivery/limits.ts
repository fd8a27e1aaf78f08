// How much the recorder keeps and for how long it waits. Every buffer has a limit in bytes [D4].

/** Soft size of a batch in characters: one WebSocket message on a slow line is still away in about a second. */
export const BATCH_CHARACTERS = 128 * 1024;

/** Bytes on the way at once: enough to fill a line, little enough that a refusal costs no more than this. */
export const WINDOW_BYTES = 1024 * 1024;

/** Above this much unacknowledged, first stage: flush rarely and leave pointer moves out. */
export const WIDEN_ABOVE_BYTES = 5 * 1024 * 1024;

/** Second stage: scroll positions and selections go as well; the next full snapshot holds the last of each. */
export const DROP_SCROLLS_ABOVE_BYTES = 10 * 1024 * 1024;

/** Third stage, everything is left out: a tab must not die of its recorder. */
export const DROP_ABOVE_BYTES = 20 * 1024 * 1024;

/** Below this much it is over: the gap is marked and the page photographed anew. */
export const RECOVERED_BELOW_BYTES = WIDEN_ABOVE_BYTES / 2;

/** Flush interval while the connection cannot keep up. */
export const WIDE_FLUSH_MS = 2_000;

/** Kept until safe, in memory and as copies, at most; beyond it the oldest go. An hour of a busy page, raw, is twice it. */
export const KEEP_BYTES = 50 * 1024 * 1024;

/** Numbers that can no longer be sent and are filled one by one; more of them and the page starts anew. */
export const MAX_FILLED = 5_000;

/** Batches are copied to the browser's store together: what a crash may take is little, and so is the work. */
export const COPY_EVERY_MS = 250;

/** A copy older than this belongs to an impersonation that ended long ago. */
export const COPY_MAX_AGE_MS = 24 * 60 * 60 * 1_000;

/** Prepared ahead for the moment in which nothing can be encrypted any more: some seconds of a busy page. */
export const PAD_BYTES = 1024 * 1024;

/** sessionStorage holds about 5 MB of UTF-16 for the whole origin; last words beyond this go to IndexedDB alone. */
export const SESSION_BYTES = 256 * 1024;

/** Pages that are gone are looked for this often: three times within the lease. */
export const LOOK_FOR_ORPHANS_MS = 4_000;

/** Delivered but not sealed yet: asked again after about one block. */
export const ASK_SAFE_AGAIN_MS = 12_000;

/** Each costs a connection; what is left waits for the next look. */
export const MAX_ORPHANS_AT_ONCE = 4;

/** No answer for this long means it is lost: one beat interval more than the hub ever takes. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Pause before trying again what the hub put off. */
export const RETRY_MS = 1_000;

/** The end page must show within a second of the end; half of it is for the last batches. */
export const FLUSH_BEFORE_END_MS = 500;

/** How long one attempt to deliver for a page that is gone may take; then the next look, or another page, tries. */
export const HANDOVER_TRY_MS = 60_000;
