// What masked words look like in a recording, and the level above them: personal data kept apart as cipher text, opened
// only by the server for a reviewer who gave a reason. Stored format: changes only by adding [H4].

/** The sign that stands for what is masked. */
export const BLOCK = '█';

/** True for text in which nothing but blocks and gaps is left. */
export const isBlocks = (text: string): boolean => text.includes(BLOCK) && /^[\s█]*$/.test(text);

/**
 * Payload of a `personal` custom event, all base64: AES-256-GCM under a key agreed between the client's key `key` and
 * the document's own one `page` (ECDH P-256, then HKDF-SHA-256 with salt `page` and info `PERSONAL_INFO` + key), the
 * page's id as associated data. Inside: UTF-8 JSON of `PersonalNote[]`.
 */
export type PersonalPayload = { key: string; page: string; iv: string; data: string };

/** Bound into the derived key, so that it fits no other use of the client's key. */
export const PERSONAL_INFO = 'switchback personal 1 ';

/**
 * The words behind blocks: the event's own timestamp (page clock), the node's id, and what of it: `t` text, `v` value,
 * or an attribute's name.
 */
export type PersonalNote = [at: number, id: number, what: string, words: string];

export function isPersonalNote(value: unknown): value is PersonalNote {
	if (!Array.isArray(value) || value.length !== 4) return false;
	const [at, id, what, words] = value as unknown[];
	return (
		Number.isFinite(at) && Number.isSafeInteger(id) && typeof what === 'string' && typeof words === 'string'
	);
}

const BASE64 = /^[A-Za-z\d+/]+={0,2}$/;
/** As much as a page puts into one, with room; see capture/personal.ts. */
const MAX_DATA = 2 * 1024 * 1024;

/** What the database takes for the id of a key: hostile text that only looks like one must not reach a query. */
const KEY_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

const isBase64 = (value: unknown, max: number): value is string =>
	typeof value === 'string' && value.length <= max && BASE64.test(value);

/** A payload of known fields, or null: recordings are hostile, these included. */
export function toPersonalPayload(value: unknown): PersonalPayload | null {
	if (typeof value !== 'object' || value === null) return null;
	const { key, page, iv, data } = value as Record<string, unknown>;
	if (typeof key !== 'string' || !KEY_ID.test(key)) return null;
	if (!isBase64(page, 100) || !isBase64(iv, 16) || !isBase64(data, MAX_DATA)) return null;
	return { key, page, iv, data };
}
