// An evidence pack is made whole, verified as a stranger would, and only then logged and handed out: its SHA-256 is in the log before
// its first byte leaves. It lies in a file that nobody can find: its name is gone before a word is written, so that a crash leaves nothing.
import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Actor, Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import type { Act } from '#server/db/act.ts';
import type { Reader, Tx } from '#server/db/types.ts';
import type { ReadAt } from '#server/evidence/verify-zip.ts';
import { verifyPack } from '#server/evidence/verify-pack.ts';
import { readHead } from '../recordings/read-rows.ts';
import { requireId, requirePermission } from '../recordings/require-permission.ts';
import type { Whose } from './read-proof.ts';
import { writePack, type PackDeps, type WrittenPack } from './write-pack.ts';

const MAX_REASON = 300;

export const evidenceInput = z.object({
	reason: z
		.string()
		.trim()
		.min(5, 'Say what the pack is for: the reason stands in the log.')
		.max(MAX_REASON, `Say it in at most ${MAX_REASON} characters.`)
});

export type MakeDeps = PackDeps & {
	act: Act;
	/** Where a pack lies while it is made. */
	folder: string;
	signHeads(agencyId: Whose['agencyId']): Promise<unknown>;
};

export type MadePack = WrittenPack & {
	sha256: string;
	fileName: string;
	/** Read it to its end or cancel it: then it is gone. */
	body: ReadableStream<Uint8Array>;
};

/** Each takes a core for seconds; the pages of everybody else come first. */
const AT_ONCE = 2;
const CHUNK_BYTES = 256 * 1024;

/** A file without a name: when it is closed, or its process ends however, it is gone. */
async function openNameless(folder: string): Promise<FileHandle> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const file = path.join(folder, `evidence-${randomUUID()}`);
	const handle = await open(file, 'wx+', 0o600);
	await rm(file);
	return handle;
}

const readerOf =
	(file: FileHandle): ReadAt =>
	async (at, length) => {
		const wanted = Buffer.alloc(at < 0 ? 0 : length);
		const { bytesRead } = await file.read(wanted, 0, wanted.length, Math.max(0, at));
		return wanted.subarray(0, bytesRead);
	};

async function* chunksOf(file: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
	const read = readerOf(file);
	for (let at = 0; at < bytes;) {
		const part = await read(at, Math.min(CHUNK_BYTES, bytes - at));
		if (part.length === 0) throw new Error('The pack could not be read back.');
		at += part.length;
		yield part;
	}
}

async function sumOf(file: FileHandle, bytes: number): Promise<string> {
	const hash = createHash('sha256');
	for await (const part of chunksOf(file, bytes)) hash.update(part);
	return hash.digest('hex');
}

async function requireWhole(file: FileHandle, size: number, { signer }: MakeDeps): Promise<void> {
	const trusted = createPublicKey(signer.publicPem);
	const found = await verifyPack({ read: readerOf(file), size, trusted });
	if (!found.whole)
		throw new AppError(
			'conflict',
			`What is stored does not prove itself, so no pack was handed out: ${found.at}: ${found.fault}.`
		);
}

/** The file's bytes as they are asked for; closed at their end. */
function bodyOf(file: FileHandle, bytes: number): ReadableStream<Uint8Array> {
	const chunks = chunksOf(file, bytes);
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			const { done, value } = await chunks.next();
			if (!done) return controller.enqueue(value);
			await file.close();
			controller.close();
		},
		cancel: () => file.close()
	});
}

const slug = (text: string): string =>
	text
		.normalize('NFKD')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.replaceAll(/^-+|-+$/g, '')
		.slice(0, 40) || 'client';

type Asked = { whose: Whose; reason: string; actor: Actor; origin?: Origin };

/** What of a recording was erased; erasing only ever adds to it. */
type Erased = { pages: number; client: boolean };

async function readErased(reader: Reader, { agencyId, impersonationId }: Whose): Promise<Erased> {
	const [row] = await reader.execute<Erased>(sql`
		SELECT (SELECT count(*)::int FROM page g WHERE g.impersonation_id = i.id AND g.erased_at IS NOT NULL) AS pages,
			c.erased_at IS NOT NULL AS client
		FROM impersonation i JOIN client c ON c.id = i.client_id WHERE i.id = ${impersonationId} AND i.agency_id = ${agencyId}`);
	if (!row) throw new AppError('not_found', 'There is no such recording.');
	return row;
}

/**
 * Attack: it is erased while its pack is made, by a person or by its age, and what the row of the log promises to be gone leaves all the
 * same. Erasing waits for these locks, or came before.
 */
async function requireSame(tx: Tx, whose: Whose, packed: Erased): Promise<void> {
	await tx.execute(sql`SELECT FROM client WHERE id = (SELECT client_id FROM impersonation WHERE id = ${whose.impersonationId}
		AND agency_id = ${whose.agencyId}) FOR SHARE`);
	await tx.execute(sql`SELECT FROM impersonation WHERE id = ${whose.impersonationId} FOR SHARE`);
	const now = await readErased(tx, whose);
	if (now.pages !== packed.pages || now.client !== packed.client)
		throw new AppError('conflict', 'It was erased while the pack was made, so no pack was handed out.');
}

/** What the page and the command share; whether somebody may is asked before. */
export function makePack(deps: MakeDeps) {
	let running = 0;
	const write = async (file: FileHandle, { whose, reason, actor, origin }: Asked): Promise<MadePack> => {
		const packed = await readErased(deps.db, whose);
		const head = await readHead(deps.db, whose.agencyId, whose.impersonationId);
		await deps.signHeads(whose.agencyId);
		const written = await writePack(deps, whose, file);
		await requireWhole(file, written.bytes, deps);
		const sha256 = await sumOf(file, written.bytes);
		const deed = {
			action: 'evidence.exported',
			clientId: head.client_id,
			contactId: head.contact_id,
			impersonationId: head.id,
			...(origin && { origin })
		} as const;
		const fileName = await deps.act(actor, deed, async (tx) => {
			await requireSame(tx, whose, packed);
			// By the name of now: a client that was erased is named nowhere any more.
			const { client, staff, id, started_at: startedAt } = await readHead(tx, whose.agencyId, head.id);
			const subject = { type: 'impersonation', id, label: `${client}, ${staff}` };
			const day = new Date(startedAt).toISOString().slice(0, 10);
			const value = `evidence-${slug(client)}-${day}-${id.slice(0, 8)}.zip`;
			return { value, subject, details: { reason, sha256, bytes: written.bytes } };
		});
		return { ...written, sha256, fileName, body: bodyOf(file, written.bytes) };
	};
	return async (asked: Asked): Promise<MadePack> => {
		if (running >= AT_ONCE)
			throw new AppError('try_later', 'Other packs are being made right now. Try it again in a minute.');
		running++;
		const file = await openNameless(deps.folder).catch((error: unknown) => {
			running--;
			throw error;
		});
		try {
			return await write(file, asked);
		} catch (error) {
			await file.close();
			throw error;
		} finally {
			running--;
		}
	};
}

/**
 * The pack of an ended impersonation, for a person on the agency's side.
 * @throws AppError `not_allowed` without the permissions `review` and `evidence` (logged); `not_found`; `conflict` while it runs or when
 * what is stored does not prove itself; `try_later`; `too_large`
 */
export const exportEvidence =
	(deps: MakeDeps, make = makePack(deps)) =>
	async (
		actor: StaffActor,
		input: { impersonationId: string; reason: string },
		origin: Origin
	): Promise<MadePack> => {
		const whose = { agencyId: actor.agencyId, impersonationId: requireId(input.impersonationId) };
		await requirePermission(deps.db, actor, 'review');
		await requireMay(deps, actor, whose, origin);
		return make({ whose, reason: input.reason, actor, origin });
	};

/** Before the work begins, not after it; the refused attempt stands in the log. */
async function requireMay(
	{ db, act }: MakeDeps,
	actor: StaffActor,
	whose: Whose,
	origin: Origin
): Promise<void> {
	const { id, client_id: clientId } = await readHead(db, whose.agencyId, whose.impersonationId);
	try {
		await requirePermission(db, actor, 'evidence');
	} catch {
		const deed = { action: 'evidence.exported', clientId, impersonationId: id, origin } as const;
		// The gate finds the same and writes it down.
		await act(actor, deed, async () => {
			throw new AppError('not_allowed', 'Your role does not include evidence packs.');
		});
	}
}
