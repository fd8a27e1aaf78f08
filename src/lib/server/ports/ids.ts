/** Identifiers and secrets. Not in it: hashing and signing, which are pure. */
export interface Ids {
	/** A time-ordered UUID (RFC 9562 version 7), so that new rows lie together in their index. */
	uuid(): string;
	/** 256 random bits, base64url: codes and session tokens. */
	secret(): string;
}
