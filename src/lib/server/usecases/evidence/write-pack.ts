// Writes one evidence pack into an open file, member by member; at no time more than one block of it is in memory.
import type { FileHandle } from 'node:fs/promises';
import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import { AppError, isAppError } from '#domain/errors.ts';
import type { Db } from '#server/db/types.ts';
import type { BuiltParts } from '#server/evidence/built-parts.ts';
import {
	ACTIONS,
	CHAIN,
	fingerprintOf,
	FORMAT,
	INDEX,
	MANIFEST,
	recordingHash,
	SIGNATURE,
	signatureFile,
	signedBytes,
	VIEWS,
	type Manifest,
	type ManifestMember,
	type ProvenBlock
} from '#server/evidence/pack-format.ts';
import { playerHtml, type Lying } from '#server/evidence/player-html.ts';
import { summaryHtml } from '#server/evidence/summary-html.ts';
import { ZipWriter } from '#server/evidence/zip-writer.ts';
import { readDictionaryKey, type BlockRow } from '#server/recordings/block-rows.ts';
import { openBlock, openDictionary, type Dictionary } from '#server/recordings/sealed-object.ts';
import type { StoredKeys } from '#server/recordings/stored-keys.ts';
import { requireSealed } from '../recordings/export-recording.ts';
import { shownPages } from '../recordings/read-recording.ts';
import { readFacts, type PackLog, type ReadFacts } from './read-facts.ts';
import { readPictures, type PictureDeps } from './read-pictures.ts';
import { readLinks, readOwnRows, readPackedViews, type Whose } from './read-proof.ts';

export type PackDeps = PictureDeps & {
	db: Db;
	liveLog: PackLog;
	keys: StoredKeys;
	signer: { privateKey: KeyObject; publicPem: string };
	parts(): Promise<BuiltParts>;
	now(): number;
	/** Where the agency shows its key and the verifier. */
	checkAt: string;
};

export type WrittenPack = { bytes: number; blocks: number; actions: number; views: number };

type IndexedBlock = ProvenBlock & { blockId: string };

/** Members of one pack as they are written; what the manifest will say of them. */
class Writing {
	readonly members: ManifestMember[] = [];
	readonly zip: ZipWriter;
	readonly file: FileHandle;

	constructor(file: FileHandle, madeAt: number) {
		this.file = file;
		this.zip = new ZipWriter(file, new Date(madeAt));
	}

	async add(name: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Lying> {
		const { at, packed, ...member } = await this.zip.add(name, source);
		this.members.push(member);
		return { name, at, packed, bytes: member.bytes };
	}

	text(name: string, text: string): Promise<Lying> {
		return this.add(name, [Buffer.from(text)]);
	}

	/** One JSON value a line. @returns how many */
	async lines(name: string, values: AsyncIterable<unknown> | Iterable<unknown>): Promise<number> {
		let count = 0;
		await this.add(
			name,
			(async function* () {
				for await (const value of values) {
					count++;
					yield Buffer.from(`${JSON.stringify(value)}\n`);
				}
			})()
		);
		return count;
	}
}

/** A page's blocks, opened: batches are proven by the hashes they had when they came, which needs no key. */
class Pages {
	readonly lying: Lying[] = [];
	readonly blocks = new Map<string, IndexedBlock>();
	private readonly deps: PackDeps;
	private readonly key: Buffer;
	private readonly out: Writing;

	constructor(deps: PackDeps, key: Buffer, out: Writing) {
		this.deps = deps;
		this.key = key;
		this.out = out;
	}

	async add(agencyId: string, pageId: string, rows: readonly BlockRow[]): Promise<void> {
		const dictionary = rows.length > 0 ? await this.dictionary(agencyId, pageId) : null;
		for (const row of rows) {
			const name = `recording/${String(this.lying.length + 1).padStart(5, '0')}.block`;
			const { batchHash, payload } = await this.open(row, dictionary);
			this.lying.push(await this.out.add(name, [payload]));
			const { firstSeq, lastSeq, toAt } = row;
			this.blocks.set(row.id, { id: name, blockId: row.id, firstSeq, lastSeq, toAt, batchHash });
		}
	}

	private async dictionary(agencyId: string, pageId: string): Promise<Dictionary | null> {
		const { db, store } = this.deps;
		const blobKey = await readDictionaryKey(db, agencyId, pageId);
		return blobKey === null ? null : openDictionary(await store.get(blobKey), this.key);
	}

	private async open(row: BlockRow, dictionary: Dictionary | null) {
		try {
			const opened = await openBlock(await this.deps.store.get(row.blobKey), { key: this.key, dictionary });
			return { batchHash: Buffer.from(opened.header.batchHash).toString('hex'), payload: opened.payload };
		} catch (error) {
			const why = error instanceof Error && !isAppError(error) ? ` ${error.message}` : '';
			throw new AppError(
				'conflict',
				`A block of this recording is damaged or gone, so no pack was made.${why} Take it out as it lies with export-recording.`
			);
		}
	}
}

type NamedPicture = { pageId: string; name: string; id: string; type: string };

async function addPictures(deps: PackDeps, whose: Whose, out: Writing) {
	const lying: Lying[] = [];
	const named: NamedPicture[] = [];
	for await (const { type, file, at } of readPictures(deps, whose)) {
		const id = `recording/${String(lying.length + 1).padStart(5, '0')}.picture`;
		lying.push(await out.add(id, [file]));
		named.push(...at.map((where) => ({ ...where, id, type })));
	}
	return { lying, named };
}

/** What the player and the verifier read: the film, with blocks under the names of their members. */
function indexOf({ head, pages, coverage, facts }: ReadFacts, blocks: Pages['blocks']) {
	const shown = shownPages(pages, coverage).map(({ blocks: own, ...page }) => ({
		...page,
		blocks: own.flatMap(({ id, bytes: _bytes, ...block }) => {
			const proven = blocks.get(id);
			return proven ? [{ ...block, id: proven.id, batchHash: proven.batchHash }] : [];
		})
	}));
	const { entries, chapters, since: _since, watchers: _watchers, ...told } = facts;
	const lost = pages.filter(
		({ pageId, snapshotAt, isErased }) =>
			snapshotAt !== null && !isErased && !shown.some((page) => page.pageId === pageId)
	);
	const film = { startAt: facts.startedAt, endAt: facts.startedAt + facts.lengthMs, isRunning: false };
	return {
		format: FORMAT,
		title: `${facts.staff} as ${facts.contact}, ${facts.client}`,
		impersonationId: head.id,
		...told,
		film,
		pages: shown,
		lostPages: lost.map(({ address }) => address),
		erasedPages: pages.filter(({ isErased }) => isErased).length,
		chapters,
		entries
	};
}

function signed(manifest: Manifest, text: string, { privateKey, publicPem }: PackDeps['signer']): string {
	const signature = sign(null, signedBytes(manifest, text), privateKey).toString('base64');
	return signatureFile({
		publicKey: publicPem,
		keyFingerprint: fingerprintOf(createPublicKey(publicPem)),
		signature
	});
}

/**
 * Writes the pack of an ended impersonation.
 * @throws AppError `not_found`; `conflict` while it runs or a block is damaged; `try_later` while a part of it is not
 * sealed; `too_large`
 */
export async function writePack(deps: PackDeps, whose: Whose, file: FileHandle): Promise<WrittenPack> {
	const { db, signer } = deps;
	const read = await readFacts(deps, whose);
	await requireSealed(deps.liveLog, read.pages);
	// Of an erased recording the log and what was looked at are left: they prove what happened, without pictures.
	const hasBlocks = read.coverage.some(({ blocks }) => blocks.length > 0);
	const key = hasBlocks ? await deps.keys.require(whose) : Buffer.alloc(0);
	const { player, verifier } = await deps.parts();
	const madeAt = deps.now();
	const out = new Writing(file, madeAt);
	const recorded = new Pages(deps, key, out);
	for (const { marks, blocks } of read.coverage) await recorded.add(whose.agencyId, marks.pageId, blocks);
	const pictures = await addPictures(deps, whose, out);
	const index = { ...indexOf(read, recorded.blocks), pictures: pictures.named };
	await out.text(INDEX, JSON.stringify(index));
	const seqs: string[] = [];
	const noted = async function* () {
		for await (const row of readOwnRows(db, whose)) {
			seqs.push(row.seq);
			yield row;
		}
	};
	const actions = await out.lines(ACTIONS, noted());
	await out.lines(CHAIN, readLinks(db, { whose, seqs, signer }));
	const views = await out.lines(VIEWS, await readPackedViews(db, whose));
	const keyFingerprint = fingerprintOf(createPublicKey(signer.publicPem));
	await out.text(
		'summary.html',
		summaryHtml({ ...read.facts, madeAt, keyFingerprint, checkAt: deps.checkAt })
	);
	await out.add(
		'player.html',
		playerHtml(player, index, { file, parts: [...recorded.lying, ...pictures.lying] })
	);
	await out.text('verify.mjs', verifier);
	const { agency, client, contact, staff } = read.facts;
	const manifest: Manifest = {
		format: FORMAT,
		agencyId: whose.agencyId,
		impersonationId: whose.impersonationId,
		agency,
		client,
		contact,
		staff,
		madeAt: new Date(madeAt).toISOString(),
		recordingHash: recordingHash(
			index.pages.flatMap(({ pageId, blocks }) => {
				const last = blocks.at(-1);
				return last ? [{ pageId, lastSeq: last.lastSeq, batchHash: last.batchHash }] : [];
			})
		),
		members: out.members
	};
	const text = `${JSON.stringify(manifest, null, '\t')}\n`;
	await out.zip.store(MANIFEST, text);
	await out.zip.store(SIGNATURE, signed(manifest, text, signer));
	await out.zip.finish();
	return { bytes: out.zip.at, blocks: recorded.lying.length, actions, views };
}
