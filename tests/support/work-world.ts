// Two agencies with the use cases of tasks and files over them, so that their tests start where people would.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ClientActor } from '#domain/actor.ts';
import type { FileId } from '#domain/ids.ts';
import type { PortalSetup } from '#domain/visibility.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { TusUploads } from '#server/adapters/files/tus-uploads.ts';
import { composeFiles } from '#server/compose/files.ts';
import { composeTasks } from '#server/compose/tasks.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { EitherActor } from '#server/usecases/portal/either-side.ts';
import { faulty } from './faulty.ts';
import { impersonate, impersonationKit, NO_ORIGIN, signInStaff, testIds } from './impersonate.ts';
import { createTestDatabase } from './test-database.ts';
import { seedTwoAgencies, type SeededClient, type SeededStaff } from './two-agencies.ts';

const filesBelow = (folder: string): number =>
	readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

export type WorkWorld = Awaited<ReturnType<typeof openWorkWorld>>;

export async function openWorkWorld() {
	const database = await createTestDatabase();
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-work-'));
	const blobs = await FileBlobs.open(path.join(folder, 'blobs'));
	const pieces = path.join(folder, 'uploads');
	const both = await seedTwoAgencies(database.db, blobs);
	const kit = impersonationKit(database.db);
	const parts = { db: database.db, act: kit.act, ids: testIds, blobs, uploads: new TusUploads(pieces) };
	const tasks = composeTasks(parts as unknown as Parts);
	const files = composeFiles(parts as unknown as Parts);

	const contact = (
		client: SeededClient = both.north.clients.assigned,
		who: 'owner' | 'contact' = 'owner',
		side: 'north' | 'south' = 'north'
	): ClientActor => ({
		kind: 'client',
		agencyId: both[side].agencyId,
		clientId: client.clientId,
		contactId: client[who]
	});
	const upload = async (
		actor: EitherActor,
		file: { name: string; bytes: string | Buffer; folderId?: string | null; clientId?: string }
	): Promise<FileId> => {
		const staged = await files.stageFile(actor, file.name, Readable.from([Buffer.from(file.bytes)]));
		const { folderId = null, clientId } = file;
		return files.upload(actor, staged, { folderId, ...(clientId && { clientId }) }, NO_ORIGIN);
	};
	/** Files as another process has them, on the same rows and stores, of which one fails once. */
	const beside = (fault?: Parameters<typeof faulty>[1]): typeof files => {
		const { act } = fault ? faulty({ act: kit.act }, fault) : kit;
		const parted = {
			...parts,
			act,
			blobs: fault ? faulty(blobs, fault) : blobs,
			uploads: new TusUploads(pieces)
		};
		return composeFiles(parted as unknown as Parts);
	};
	return {
		database,
		both,
		beside,
		kit,
		tasks,
		files,
		blobs,
		contact,
		upload,
		stored: () => filesBelow(path.join(folder, 'blobs')),
		pieces: () => filesBelow(pieces),
		pieceOf: (id: string) => path.join(pieces, id),
		other: () => contact(both.south.clients.assigned, 'owner', 'south'),
		staff: (key: SeededStaff, side: 'north' | 'south' = 'north') =>
			signInStaff(database.db, both[side].agencyId, both[side].staff[key]),
		inside: async (mode: 'act' | 'view') => {
			const { clientId, owner: contactId } = both.north.clients.assigned;
			const who = {
				agencyId: both.north.agencyId,
				staffId: both.north.staff.manager
			};
			const made = await impersonate(
				database.db,
				{
					...who,
					clientId,
					contactId,
					mode
				},
				kit
			);
			const { actor, impersonationId } = made;
			return {
				...made,
				end: () =>
					kit.end(actor, {
						impersonationId,
						reason: 'switch_back'
					})
			};
		},
		setUp: async (setup: PortalSetup, client: SeededClient = both.north.clients.assigned) => {
			await database.owner`UPDATE client SET portal_setup = ${database.owner.json(setup as never)}
				WHERE id = ${client.clientId}`;
		},
		lastAction: async () => {
			const [row] = await database.sql<Record<string, string>[]>`
				SELECT action, outcome, refusal, client_id, contact_id, actor_staff_id, subject_id
				FROM action ORDER BY seq DESC LIMIT 1`;
			return row!;
		},
		close: async () => {
			await database.drop();
			rmSync(folder, {
				recursive: true,
				force: true
			});
		}
	};
}
