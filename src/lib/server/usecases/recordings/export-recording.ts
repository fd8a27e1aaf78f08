// A whole recording as one file: its objects as they are stored, and an index with all hashes, signed like the heads of
// the action log. It opens only with the recording's key, which is inside only where it was asked for.
import { sign, type KeyObject } from 'node:crypto';
import type { SystemActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { sha256 } from '#server/recordings/batch-chain.ts';
import { readBlocks, readDictionaryKey, type BlockRow } from '#server/recordings/block-rows.ts';
import type { BlockStore } from '#server/recordings/block-store.ts';
import type { StoredKeys } from '#server/recordings/stored-keys.ts';
import { decodeBlockHeader } from '#recorder/format/block-header.ts';
import { readHead, readPages, type HeadRow, type PageRow } from './read-rows.ts';
import { END_MAGIC, FILE_MAGIC, newIndex, signedBytes, type RecordingIndex } from './recording-index.ts';

type ExportDeps = {
	db: Db;
	act: Act;
	liveLog: Pick<LiveLog, 'read'>;
	store: BlockStore;
	keys: StoredKeys;
	signer: { privateKey: KeyObject; publicPem: string };
	now(): number;
};

type ExportInput = {
	agencyId: AgencyId;
	impersonationId: string;
	withKey: boolean;
	write(bytes: Uint8Array): Promise<void>;
};

export type Exported = { pages: number; blocks: number; bytes: number };

/** Writes objects one after the other and tells where each one lies. */
class ObjectWriter {
	private readonly store: BlockStore;
	private readonly write: ExportInput['write'];
	at = 0;

	constructor(store: BlockStore, write: ExportInput['write']) {
		this.store = store;
		this.write = write;
	}

	async bytes(bytes: Uint8Array): Promise<void> {
		await this.write(bytes);
		this.at += bytes.byteLength;
	}

	async object(blobKey: string) {
		const object = await this.store.get(blobKey);
		const place = { at: this.at, bytes: object.byteLength, sha256: sha256(object).toString('hex') };
		await this.bytes(object);
		return { object, place };
	}
}

/** @throws AppError `try_later` while a part of it is in no block yet */
export async function requireSealed(
	liveLog: ExportDeps['liveLog'],
	pages: readonly PageRow[]
): Promise<void> {
	for (const { pageId, sealedSeq } of pages)
		for await (const { seq } of liveLog.read(pageId, sealedSeq + 1))
			if (seq > sealedSeq)
				throw new AppError(
					'try_later',
					'A part of this recording is not sealed yet. It is within a minute after its end while Switchback runs; then export it again.'
				);
}

async function writePage(
	{ db }: ExportDeps,
	out: ObjectWriter,
	agencyId: AgencyId,
	page: { row: PageRow; blocks: readonly BlockRow[] }
): Promise<RecordingIndex['pages'][number]> {
	const { pageId, address, title, openedAt } = page.row;
	const dictionaryKey = await readDictionaryKey(db, agencyId, pageId);
	const dictionary = dictionaryKey === null ? null : (await out.object(dictionaryKey)).place;
	const blocks: RecordingIndex['pages'][number]['blocks'] = [];
	for (const { blobKey, firstSeq, lastSeq, events, checkpoint, activity } of page.blocks) {
		const { object, place } = await out.object(blobKey);
		const { fromAt, toAt, batchHash } = decodeBlockHeader(object);
		const facts = { firstSeq, lastSeq, events, fromAt, toAt, checkpoint };
		const texts = {
			activity: Buffer.from(activity).toString('base64'),
			batchHash: Buffer.from(batchHash).toString('hex')
		};
		blocks.push({ ...place, ...facts, ...texts });
	}
	return { id: pageId, address, title, openedAt, dictionary, blocks };
}

const factsOf = (agencyId: AgencyId, head: HeadRow) => ({
	agencyId,
	impersonationId: head.id,
	client: head.client,
	contact: head.contact,
	staff: head.staff,
	mode: head.mode,
	reason: head.reason,
	ticket: head.ticket,
	startedAt: head.started_at,
	endedAt: head.ended_at
});

async function logExport(act: Act, actor: SystemActor, head: HeadRow, withKey: boolean): Promise<void> {
	const subject = { type: 'impersonation', id: head.id, label: `${head.client}, ${head.staff}` };
	const deed = {
		action: 'recording.exported',
		clientId: head.client_id,
		contactId: head.contact_id,
		impersonationId: head.id,
		subject
	} as const;
	await act(actor, deed, async () => ({ value: undefined, subject, details: { withKey } }));
}

/**
 * Writes the file. The export is an action under the client's account, logged before a byte is written.
 * @throws AppError `not_found`; `conflict` while it runs; `try_later` while a part of it is not sealed
 */
export const exportRecording =
	(deps: ExportDeps) =>
	async ({ agencyId, impersonationId, withKey, write }: ExportInput): Promise<Exported> => {
		const { db, act, liveLog, store, keys, signer, now } = deps;
		const head = await readHead(db, agencyId, impersonationId);
		if (head.ended_at === null) throw new AppError('conflict', 'It still runs. Export it once it has ended.');
		const rows = await readPages(db, agencyId, impersonationId);
		await requireSealed(liveLog, rows);
		const key = await keys.require({ agencyId, impersonationId });
		await logExport(act, { kind: 'system', agencyId }, head, withKey);
		const blocks = Map.groupBy(await readBlocks(db, agencyId, impersonationId), ({ pageId }) => pageId);
		const out = new ObjectWriter(store, write);
		await out.bytes(FILE_MAGIC);
		const pages: RecordingIndex['pages'] = [];
		for (const row of rows)
			pages.push(await writePage(deps, out, agencyId, { row, blocks: blocks.get(row.pageId) ?? [] }));
		const index = newIndex({ ...factsOf(agencyId, head), exportedAt: now(), pages });
		const text = JSON.stringify(index);
		const signature = sign(null, signedBytes(index, text), signer.privateKey).toString('base64');
		const foot = { index: text, signature, publicKey: signer.publicPem };
		const bytes = Buffer.from(JSON.stringify(withKey ? { ...foot, key: key.toString('base64') } : foot));
		const length = Buffer.alloc(4);
		length.writeUInt32LE(bytes.byteLength);
		await out.bytes(Buffer.concat([bytes, length, END_MAGIC]));
		return {
			pages: pages.length,
			blocks: pages.reduce((sum, page) => sum + page.blocks.length, 0),
			bytes: out.at
		};
	};
