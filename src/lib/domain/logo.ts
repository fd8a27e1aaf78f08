/** Largest logo. It is drawn at 32 px, and loaded by every client: half a megabyte is a photo already. */
export const MAX_LOGO_BYTES = 512 * 1024;
