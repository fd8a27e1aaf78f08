// Uploads that come in pieces and outlive a lost connection: who may begin one, go on with it, and turn it into a file.
// The pieces themselves are the upload store's; every request of the protocol asks here first.
import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import type { Origin } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { FolderId, UploadId } from '#domain/ids.ts';
import { formatSize } from '#domain/size.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import { inPortal, requireAccount, type Account, type EitherActor } from '../portal/either-side.ts';
import { ownRows, requireId } from '../portal/scope.ts';
import { safeFileName } from './file-name.ts';
import { requireFolder } from './folder-tree.ts';
import { requireSpace } from './quota.ts';
import { requireSafeName } from './safe-content.ts';
import { MAX_UPLOAD_BYTES, type requireUpload, type stageFile } from './stage-file.ts';
import type { uploadFile } from './upload-file.ts';

/** A piece may come this long after the first; then the store lets it go. */
const LIFE_HOURS = 24;
/** Of one person at once: a script that begins uploads and never sends them would reserve the whole storage. */
const MAX_AT_ONCE = 50;
/** A claim that nobody renewed is a dead process's. */
const CLAIM_LASTS = sql`interval '1 minute'`;
const RENEW_MS = 15_000;

type Dependencies = {
	db: Db;
	ids: Ids;
	requireUpload: ReturnType<typeof requireUpload>;
	stageFile: ReturnType<typeof stageFile>;
	uploadFile: ReturnType<typeof uploadFile>;
};

/** Who sends it, and into whose storage: their own account, or the client that staff named. */
export type Uploader = { actor: EitherActor; account: Account; origin: Origin };
export type UploadRequest = { name: string; bytes: number; folderId: string | null };
export type Upload = {
	id: UploadId;
	name: string;
	bytes: number;
	folderId: FolderId | null;
	/** It is a file already. */
	isDone: boolean;
};

/** Whose it is, as its row keeps it: a contact's, a contact's within one impersonation, or a staff member's. */
const personOf = (actor: EitherActor) => ({
	contactId: inPortal(actor) ? actor.contactId : null,
	staffId: inPortal(actor) ? null : actor.staffId,
	impersonationId: actor.kind === 'impersonation' ? actor.impersonationId : null
});

/**
 * An upload is one person's, and while impersonating one impersonation's: whoever learns its address can neither look at
 * it nor add to it.
 */
function ownUploads({ actor, account }: Uploader) {
	const { contactId, staffId, impersonationId } = personOf(actor);
	return sql`${ownRows(account, 'u')} AND u.contact_id IS NOT DISTINCT FROM ${contactId}::uuid
		AND u.staff_id IS NOT DISTINCT FROM ${staffId}::uuid
		AND u.impersonation_id IS NOT DISTINCT FROM ${impersonationId}::uuid AND u.expires_at > now()`;
}

async function requireFew(tx: Tx, uploader: Uploader): Promise<void> {
	const rows = await tx.execute(
		sql`SELECT FROM upload u WHERE ${ownUploads(uploader)} AND u.file_id IS NULL LIMIT ${MAX_AT_ONCE}`
	);
	if (rows.length === MAX_AT_ONCE)
		throw new AppError(
			'too_many',
			'Too many uploads are under way. Wait until some are done, or cancel them.'
		);
}

/**
 * Reserves the space before the first byte.
 * @throws AppError `too_large`, `invalid`, `not_found` for the folder, `too_many`; the gate's refusals (logged)
 */
export const beginUpload =
	({ db, ids, ...deps }: Dependencies) =>
	async (uploader: Uploader, request: UploadRequest): Promise<UploadId> => {
		const { actor, account, origin } = uploader;
		await deps.requireUpload(actor, { action: 'file.uploaded', clientId: account.clientId }, origin);
		const { bytes, folderId } = request;
		const name = safeFileName(request.name);
		requireSafeName(name);
		if (!Number.isSafeInteger(bytes) || bytes < 0)
			throw new AppError('invalid', 'The size of the file is missing. Choose it again.', { field: 'file' });
		if (bytes > MAX_UPLOAD_BYTES)
			throw new AppError(
				'too_large',
				`“${name}” is larger than ${formatSize(MAX_UPLOAD_BYTES)}. Share a smaller one.`,
				{ field: 'file' }
			);
		const id = ids.uuid() as UploadId;
		const folder = folderId ? requireId<FolderId>(folderId, 'folder') : null;
		// No action: nothing of the client's changes until the last byte is there, and then the gate is asked.
		const { contactId, staffId, impersonationId } = personOf(actor);
		await db.transaction(async (tx) => {
			await requireAccount(tx, actor, account);
			if (folder) await requireFolder(tx, account, folder);
			// First, since it holds the client's storage: whoever begins at the same moment is counted after this one.
			await requireSpace(tx, account, bytes);
			await requireFew(tx, uploader);
			await tx.execute(sql`
				INSERT INTO upload (id, agency_id, client_id, contact_id, staff_id, impersonation_id, folder_id, name, bytes, expires_at)
				VALUES (${id}, ${account.agencyId}, ${account.clientId}, ${contactId}::uuid, ${staffId}::uuid,
					${impersonationId}::uuid, ${folder}::uuid, ${name}, ${bytes}, now() + make_interval(hours => ${LIFE_HOURS}))`);
		});
		return id;
	};

/** @throws AppError `not_found`, also for somebody else's; the gate's refusals (logged) */
export const requireOwnUpload =
	({ db, requireUpload: ask }: Pick<Dependencies, 'db' | 'requireUpload'>) =>
	async (uploader: Uploader, given: string): Promise<Upload> => {
		const { actor, account, origin } = uploader;
		const id = requireId<UploadId>(given, 'upload');
		const [row] = await db.execute<{
			name: string;
			bytes: string;
			folder_id: FolderId | null;
			done: boolean;
		}>(sql`
			SELECT u.name, u.bytes, u.folder_id, u.file_id IS NOT NULL AS done FROM upload u WHERE u.id = ${id} AND ${ownUploads(uploader)}`);
		if (!row) throw new AppError('not_found', 'This upload is not there any more. Begin again.');
		await ask(actor, { action: 'file.uploaded', clientId: account.clientId }, origin);
		return { id, name: row.name, bytes: Number(row.bytes), folderId: row.folder_id, isDone: row.done };
	};

/**
 * Makes this call the only one that works on the upload, in any process; a process that dies lets go after a minute.
 * @returns false when the file is made already
 * @throws AppError `try_later` while another call works on it
 */
async function claim(db: Db, id: UploadId): Promise<boolean> {
	const [row] = await db.execute<{ done: boolean; claimed: boolean }>(sql`
		WITH claimed AS (UPDATE upload SET finishing_at = now() WHERE id = ${id} AND file_id IS NULL
			AND (finishing_at IS NULL OR finishing_at < now() - ${CLAIM_LASTS}) RETURNING id)
		SELECT u.file_id IS NOT NULL AS done, EXISTS (SELECT FROM claimed) AS claimed FROM upload u WHERE u.id = ${id}`);
	if (row && !row.claimed && !row.done)
		throw new AppError('try_later', 'The file is being put together. Ask again in a moment.');
	return row?.claimed ?? false;
}

/** Runs work under the claim, which a gigabyte may outlast if nobody renews it. */
async function underClaim<T>(db: Db, id: UploadId, work: () => Promise<T>): Promise<T> {
	const renew = () => db.execute(sql`UPDATE upload SET finishing_at = now() WHERE id = ${id}`);
	// A renewal that fails is made up for by the next; the file's row is made once whatever happens here.
	const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
	try {
		return await work();
	} catch (caught) {
		clearInterval(timer);
		// Tried again at the next question. Where the database is gone the claim runs out by itself.
		await db.execute(sql`UPDATE upload SET finishing_at = NULL WHERE id = ${id}`).catch(() => undefined);
		throw caught;
	} finally {
		clearInterval(timer);
	}
}

/**
 * All bytes are there: they become a file, as if they had come in one go. Where they did already, nothing is done.
 * @throws AppError `invalid` for what runs when it is opened; `try_later` while another call does it; as `uploadFile`
 */
export const finishUpload =
	(deps: Dependencies) =>
	async (uploader: Uploader, given: string, source: Readable): Promise<void> => {
		const { actor, account, origin } = uploader;
		const { id, name, folderId, isDone } = await requireOwnUpload(deps)(uploader, given);
		if (isDone || !(await claim(deps.db, id))) return;
		await underClaim(deps.db, id, async () => {
			const staged = await deps.stageFile(actor, name, source, MAX_UPLOAD_BYTES);
			const place = { folderId, uploadId: id, clientId: account.clientId };
			return deps.uploadFile(actor, staged, place, origin);
		});
	};

/** Gives the reserved space back: cancelled, or refused at its end. */
export const forgetUpload =
	({ db }: { db: Db }) =>
	async (uploader: Uploader, id: string): Promise<void> => {
		await db.execute(
			sql`DELETE FROM upload u WHERE u.id = ${id} AND ${ownUploads(uploader)} AND u.file_id IS NULL`
		);
	};

/** @returns the uploads whose time is over; their rows are gone, their pieces are the caller's to remove */
export const expireUploads =
	({ db }: { db: Db }) =>
	async (): Promise<string[]> => {
		const rows = await db.execute<{ id: string }>(
			sql`DELETE FROM upload WHERE expires_at <= now()
				AND (finishing_at IS NULL OR file_id IS NOT NULL OR finishing_at < now() - ${CLAIM_LASTS}) RETURNING id`
		);
		return rows.map((row) => row.id);
	};
