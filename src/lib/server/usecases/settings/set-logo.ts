// The agency's logo: a picture by its bytes, whatever its name says, and small enough to stand on every page.
import { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { fileTypeFromBuffer } from 'file-type';
import type { Origin, StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { MAX_LOGO_BYTES } from '#domain/logo.ts';
import type { Act } from '#server/db/act.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';

/** No SVG: it may hold script and addresses of others, and no list of what to take out of it was ever complete. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

type Dependencies = { act: Act; blobs: Blobs; ids: Ids };

const refused = (sentence: string) => new AppError('invalid', sentence, { field: 'logo' });

async function typeOf(bytes: Uint8Array): Promise<string> {
	if (bytes.length === 0) throw refused('Choose a picture first.');
	if (bytes.length > MAX_LOGO_BYTES)
		throw new AppError('too_large', 'This picture is larger than 512 KB. Choose a smaller one.', {
			field: 'logo'
		});
	const found = await fileTypeFromBuffer(bytes);
	if (found && PICTURES.has(found.mime)) return found.mime;
	throw refused('This is no PNG, JPEG or WebP picture. Save it as one of these and choose it again.');
}

const swap = (actor: StaffActor, key: string | null, mediaType: string | null) =>
	sql`UPDATE agency a SET logo_key = ${key}, logo_type = ${mediaType}
		FROM (SELECT id, logo_key FROM agency WHERE id = ${actor.agencyId} FOR UPDATE) was
		WHERE a.id = was.id RETURNING was.logo_key AS "before"`;

async function change(
	{ act, blobs }: Dependencies,
	actor: StaffActor,
	logo: { key: string; mediaType: string; bytes: number } | null,
	origin: Origin
): Promise<void> {
	const subject = { type: 'agency', id: actor.agencyId, label: 'Logo' };
	const before = await act(actor, { action: 'appearance.changed', subject, origin }, async (tx) => {
		const [row] = await tx.execute<{ before: string | null }>(
			swap(actor, logo?.key ?? null, logo?.mediaType ?? null)
		);
		return { value: row?.before ?? null, details: { logo: logo && { ...logo } } };
	});
	// After the commit: until then pages may still ask for it.
	if (before) await blobs.remove(`logos/${before}`);
}

/** @throws AppError `invalid`, `too_large`; the gate's refusals (logged) */
export const setLogo =
	(dependencies: Dependencies) =>
	async (actor: StaffActor, bytes: Uint8Array, origin: Origin): Promise<void> => {
		const mediaType = await typeOf(bytes);
		const key = dependencies.ids.uuid();
		await dependencies.blobs.put(`logos/${key}`, Readable.from([Buffer.from(bytes)]), MAX_LOGO_BYTES);
		try {
			await change(dependencies, actor, { key, mediaType, bytes: bytes.length }, origin);
		} catch (caught) {
			// No row names it, so nobody would ever remove it.
			await dependencies.blobs.remove(`logos/${key}`);
			throw caught;
		}
	};

/** @throws AppError the gate's refusals (logged) */
export const removeLogo =
	(dependencies: Dependencies) =>
	(actor: StaffActor, origin: Origin): Promise<void> =>
		change(dependencies, actor, null, origin);
