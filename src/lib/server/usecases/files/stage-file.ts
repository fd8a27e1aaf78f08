// The first half of an upload: the right is asked, then the bytes go to the blob store under a fresh key. The row follows
// in the change itself (upload-file, attach-file), which does no I/O but SQL.
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ActionName } from '#domain/actions.ts';
import type { Actor, Origin } from '#domain/actor.ts';
import { isAppError } from '#domain/errors.ts';
import type { ClientId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { safeFileName } from './file-name.ts';
import { HeadSample, mediaTypeOf } from './media-type.ts';
import { requireSafeContent, requireSafeName } from './safe-content.ts';

/** One file in one form: what a browser sends in one go and a broken connection may cost. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** One file that comes in pieces. Past it a portal is the wrong tool, and a full disk would stop recordings for everybody. */
export const MAX_UPLOAD_BYTES = 1024 * 1024 * 1024;

/** Bytes that are stored and that no row names yet. */
export type StagedFile = { key: string; name: string; mediaType: string; bytes: number; sha256: string };

class Allowed extends Error {}

/**
 * Asks the gate whether this may be done now, and changes nothing: a refused upload must not fill the disk first.
 * @throws AppError the gate's refusals (logged)
 */
export const requireUpload =
	({ act }: { act: Act }) =>
	async (
		actor: Actor,
		{ action, clientId }: { action: ActionName; clientId?: ClientId },
		origin: Origin
	): Promise<void> => {
		try {
			// The gate refuses or runs the work; the work gives up at once, so that nothing is logged or changed.
			await act(actor, { action, clientId: clientId ?? null, origin }, () => Promise.reject(new Allowed()));
		} catch (caught) {
			if (!(caught instanceof Allowed)) throw caught;
		}
	};

type Dependencies = { ids: Ids; blobs: Blobs };

/**
 * Stores the bytes. Call `requireUpload` before, and hand the result to a change or to `discard`.
 * @throws AppError `too_large`, `try_later`, `invalid` for what runs when it is opened
 */
export const stageFile =
	({ ids, blobs }: Dependencies) =>
	async (
		actor: Actor,
		givenName: string,
		source: Readable,
		maxBytes = MAX_FILE_BYTES
	): Promise<StagedFile> => {
		const key = `uploads/${actor.agencyId}/${ids.uuid()}`;
		const sample = new HeadSample();
		const passing = pipeline(source, sample);
		// The store's own error is the one that says why; the broken pipe behind it says nothing more.
		passing.catch(() => undefined);
		try {
			const name = safeFileName(givenName);
			requireSafeName(name);
			const { bytes, sha256 } = await blobs.put(key, sample, maxBytes);
			await passing;
			const head = sample.head();
			const mediaType = await mediaTypeOf(head);
			requireSafeContent(head, mediaType);
			return { key, name, mediaType, bytes, sha256 };
		} catch (caught) {
			sample.destroy();
			await blobs.remove(key);
			throw caught;
		}
	};

/**
 * Runs the change that names the staged bytes; when it is refused, the bytes are removed. Whether a change was made whose
 * answer got lost nobody knows here: an object too many is better than a file without its bytes.
 */
export async function orDiscard<T>(blobs: Blobs, staged: StagedFile, change: () => Promise<T>): Promise<T> {
	try {
		return await change();
	} catch (caught) {
		if (isAppError(caught) && caught.code !== 'try_later') await blobs.remove(staged.key);
		throw caught;
	}
}
