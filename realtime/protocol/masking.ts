// What the server tells a page about masking, and what the page stamps on its recording. Types and one number only:
// the recorder imports this file.
import type { MaskingProfile } from '#domain/masking.ts';

export type { MaskedKind, MaskingProfile } from '#domain/masking.ts';

/** Raised when the masking in the page gets stricter, so that a page that still runs an older one can be told by its stamp. */
export const MASKING_VERSION = 2;

/** Personal data is encrypted in the page to this key of the client; only the server holds the other half. */
export type PersonalKey = {
	id: string;
	/** An uncompressed P-256 point, base64. */
	publicKey: string;
};

/** Handed to each recorded document with its ticket. */
export type PageMasking = {
	profile: MaskingProfile;
	/** Null: personal data is masked and not kept at all. */
	personal: PersonalKey | null;
};
