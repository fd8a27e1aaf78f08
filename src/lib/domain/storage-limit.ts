// How much a client may store, as forms say it: whole gigabytes.
export const GIGABYTE = 1024 ** 3;
/** Of one client. More than a whole disk is a slip of the finger. */
export const MAX_GIGABYTES = 1_000;
export const GIGABYTES_FAULT = `Type a whole number of gigabytes from 1 to ${MAX_GIGABYTES}.`;

/** What a field shows; never 0, which it would not take. */
export const gigabytesOf = (bytes: number): number => Math.max(1, Math.round(bytes / GIGABYTE));
