// What a password must be, and comparing one with what is kept.
import { verify } from '@node-rs/argon2';

/** Length is what guessing costs; rules about signs only make people write them down (NIST SP 800-63B §5.1.1). */
export const MIN_PASSWORD_CHARS = 12;
export const MAX_PASSWORD_CHARS = 200;

/** False also for somebody who has no password yet. */
export const isPassword = async (kept: string | null | undefined, typed: string): Promise<boolean> =>
	kept ? verify(kept, typed) : false;
