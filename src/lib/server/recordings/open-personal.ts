// Opens what a page encrypted to its client's key (recorder/format/masked.ts): the words behind the blocks.
import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';
import {
	isPersonalNote,
	PERSONAL_INFO,
	type PersonalNote,
	type PersonalPayload
} from '#recorder/format/masked.ts';
import type { OpenPersonalKey } from './personal-keys.ts';

const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * The notes in one payload of this page; null when it does not open: encrypted to another key, moved from another page,
 * changed, or never made by our recorder. The recording is hostile, so what opens is checked all the same.
 */
export function openPersonal(
	payload: PersonalPayload,
	key: OpenPersonalKey,
	pageId: string
): PersonalNote[] | null {
	if (payload.key !== key.id) return null;
	try {
		const pair = createECDH('prime256v1');
		pair.setPrivateKey(key.privateKey);
		const point = Buffer.from(payload.page, 'base64');
		const info = PERSONAL_INFO + key.id;
		const derived = Buffer.from(hkdfSync('sha256', pair.computeSecret(point), point, info, KEY_BYTES));
		const sealed = Buffer.from(payload.data, 'base64');
		const decipher = createDecipheriv('aes-256-gcm', derived, Buffer.from(payload.iv, 'base64'));
		decipher.setAAD(Buffer.from(pageId)).setAuthTag(sealed.subarray(-TAG_BYTES));
		const clear = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
		const notes: unknown = JSON.parse(clear.toString('utf8'));
		return Array.isArray(notes) ? notes.filter(isPersonalNote) : null;
	} catch {
		// A point that is not on the curve, a wrong tag, no JSON: whoever made it, there is nothing to show.
		return null;
	}
}
