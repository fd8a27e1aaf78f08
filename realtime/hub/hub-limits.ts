// Limits of the hub alone; those both ends must know are in the protocol.

/** A connection that joined no namespace by then holds a place for nothing [C3]. */
export const JOIN_DEADLINE_MS = 5_000;

/** Open connections of one address: an office of 60 people behind one router, four tabs each. */
export const MAX_OPEN_PER_ADDRESS = 256;

/** New connections of one address: a whole office reconnects at once after a restart, then rarely. */
export const NEW_PER_ADDRESS_BURST = 256;
export const NEW_PER_ADDRESS_PER_SECOND = 20;

/** Handshakes tried on one connection; each costs a query, and ours tries once. */
export const MAX_JOIN_ATTEMPTS = 4;

/** Malformed or unknown events before a connection is dropped: our own pages send none. */
export const MAX_OFFENCES = 5;

/** Messages of one page: 600 a second, each its own batch while watched, and a minute offline sent at once after it. */
export const APPEND_BURST = 3_000;
export const APPEND_PER_SECOND = 1_000;

/** Bytes of one page: several full snapshots of the largest size at once, then 4 MB a second. */
export const APPEND_BYTES_BURST = 64 * 1024 * 1024;
export const APPEND_BYTES_PER_SECOND = 4 * 1024 * 1024;

/** Other events of a page (address, visibility) and all of a watcher's: a person's pace. */
export const EVENT_BURST = 40;
export const EVENT_PER_SECOND = 10;

/** Events refused as too fast before the connection is dropped: what a page may have under way when it is told to wait. */
export const FLOOD_BURST = 2_000;
export const FLOOD_PER_SECOND = 20;

/** Bytes of one page waiting to be stored: two of the largest batches. */
export const MAX_QUEUED_BYTES = 32 * 1024 * 1024;

/** Parts of a batch that stay incomplete this long are thrown away. */
export const PARTS_DEADLINE_MS = 30_000;

/** Open pages of one impersonation: more tabs than a person has. */
export const MAX_PAGES = 40;

/** Connections of one impersonation that hand over what earlier documents left: a tab has one for a moment after each reload. */
export const MAX_HANDOVERS = 20;

/** Pulses of all pages go to the database in one statement each second. */
export const PULSE_INTERVAL_MS = 1_000;

/** The database is asked this often who still may what (design.md §3). */
export const SWEEP_INTERVAL_MS = 500;

/** Without a good answer for this long nobody is shown anything: an old right is not a right. */
export const RIGHTS_STALE_MS = 5_000;

/** Unsent bytes of one watcher past which it is behind: a few seconds of a busy page on a slow line. */
export const WATCHER_BUFFER_BYTES = 8 * 1024 * 1024;

/** While a late watcher catches up, reading from the log waits above this, so that an hour is never held in memory. */
export const CATCH_UP_BUFFER_BYTES = 1024 * 1024;

/** The wall hears of one session at most this often. */
export const WALL_INTERVAL_MS = 250;

/** Quick asks after a connection: the shortest of five round trips gives the clock (recording.md §5.8). */
export const QUICK_BEATS = 5;
export const QUICK_BEAT_MS = 200;

/** A batch waits this long for the first reading of the page's clock. */
export const CLOCK_WAIT_MS = 1_000;

/** A page is sealed this long after something came of it: so much a lost disk may cost, and a block spans as much. */
export const SEAL_AFTER_MS = 10_000;
export const SEAL_TICK_MS = 1_000;

/** …or after this many bytes, which fill a block. */
export const SEAL_AFTER_BYTES = 1024 * 1024;

/** A page is asked for a full snapshot at most this often [R15]. */
export const SNAPSHOT_EVERY_MS = 30_000;

/** A late watcher waits this long for a picture; then the page's first batches are the faster beginning. */
export const PICTURE_WAIT_MS = 2_000;

/** An orderly stop waits this long for batches under way. */
export const STOP_WAIT_MS = 3_000;

/** Hubs hear of a change that people see after this; several in one moment are one message. */
export const TOLD_SOON_MS = 40;

/** …and of beats and activity, which come without end, after this. */
export const TOLD_LATER_MS = 1_000;

/** A hub says something at least this often. */
export const VOICE_EVERY_MS = 2_000;

/** A hub that said nothing for this long holds no sockets any more: three signs of life and a little. */
export const PEER_LOST_MS = 7_000;

/** Missed words are asked for at most this often. */
export const ASK_EVERY_MS = 1_000;

/** A page of another hub that cannot be read is tried again after this. */
export const FEED_RETRY_MS = 500;

/** A hub's sign of life in the rows: three fit into HUB_LEASE_MS. */
export const HUB_BEAT_MS = 4_000;

/** Lines of the chat, and calls for help: a person's pace. */
export const CHAT_BURST = 5;
export const CHAT_PER_SECOND = 1;

/** Movements of a helper's pointer or pen. */
export const MOVE_BURST = 60;
export const MOVE_PER_SECOND = 30;

/** Controls that are held through this hub are renewed this often; three fit into what they last. */
export const CONTROL_KEPT_MS = 2_000;

/** A page that does what it is told answers at once; after this it is out of reach. */
export const ORDER_WAIT_MS = 3_000;

/** Wireframes of a page: ours sends one every two seconds at most. */
export const SKETCH_BURST = 5;
export const SKETCH_PER_SECOND = 1;

/** Stretches of pointing and drawing that are over are kept this often. */
export const HELP_TICK_MS = 1_000;

/** What went wrong in a page, noted for lists: ours tells a few at once and then one every two seconds. */
export const FAULT_BURST = 60;
export const FAULT_PER_SECOND = 2;

/** What makes a session worth a look is counted this long after an action. */
export const RISK_AFTER_MS = 400;
