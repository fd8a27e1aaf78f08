// Recordings to read: two agencies with an impersonation each, and a live log on files that a test may damage.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { StaffActor } from '#domain/actor.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { FileMailer } from '#server/adapters/files/file-mailer.ts';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { InProcessSignals } from '#server/adapters/inprocess/in-process-signals.ts';
import { composeRecordings } from '#server/compose/recordings.ts';
import { composeRetention } from '#server/compose/retention.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signal } from '#server/ports/signals.ts';
import { encodeBatch } from '#recorder/format/events.ts';
import { firstPicture, listGrows } from './recorded-list.ts';
import {
	impersonate,
	impersonationKit,
	NO_ORIGIN,
	signInStaff,
	testIds,
	type Impersonated
} from './impersonate.ts';
import type { SealProcess } from '#server/recordings/seal-process.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { seedTwoAgencies, type SeededAgency, type TwoAgencies } from './two-agencies.ts';

type Composed = {
	recordings: ReturnType<typeof composeRecordings>;
	retention: ReturnType<typeof composeRetention>;
};

type Stay = Pick<Impersonated, 'impersonationId'>;

export class RecordingsWorld {
	readonly database: TestDatabase;
	readonly agencies: TwoAgencies;
	readonly kit;
	liveLog: LiveLog;
	blobs: Blobs;
	/** What was published, in order. */
	readonly signals: Signal[] = [];
	/** Faults that a run over many pages has told of. */
	readonly faults: unknown[] = [];
	readonly folder: string;
	readonly masterKey = randomBytes(32);
	/** Mails as files in the folder. */
	readonly mailer: FileMailer;
	private composed: { liveLog: LiveLog; blobs: Blobs; all: Composed } | null = null;

	private constructor(
		database: TestDatabase,
		agencies: TwoAgencies,
		folder: string,
		{ liveLog, blobs }: { liveLog: LiveLog; blobs: Blobs }
	) {
		this.database = database;
		this.agencies = agencies;
		this.folder = folder;
		this.liveLog = liveLog;
		this.blobs = blobs;
		this.kit = impersonationKit(database.db);
		this.mailer = new FileMailer(path.join(folder, 'mail'), 'portal@sender.test');
	}

	static async open(): Promise<RecordingsWorld> {
		const database = await createTestDatabase();
		const agencies = await seedTwoAgencies(database.db);
		const folder = mkdtempSync(path.join(tmpdir(), 'switchback-recordings-'));
		const liveLog = await FileLiveLog.open(path.join(folder, 'log'));
		const blobs = await FileBlobs.open(path.join(folder, 'blobs'));
		return new RecordingsWorld(database, agencies, folder, { liveLog, blobs });
	}

	get recordings(): Composed['recordings'] {
		return this.compose().recordings;
	}

	get retention(): Composed['retention'] {
		return this.compose().retention;
	}

	/** Composed anew where log or blobs were exchanged. */
	private compose(): Composed {
		const { liveLog, blobs, composed } = this;
		if (composed?.liveLog === liveLog && composed.blobs === blobs) return composed.all;
		const all = this.process();
		this.composed = { liveLog, blobs, all };
		return all;
	}

	/** A process of its own: it knows what is stored, nothing else. `over` replaces parts, to let them fail. */
	process(
		over: Partial<Pick<Parts, 'db' | 'blobs' | 'liveLog' | 'signals'>> = {},
		sealer?: SealProcess
	): Composed {
		const signals = new InProcessSignals((error) => this.faults.push(error));
		signals.subscribe((signal) => this.signals.push(signal));
		const parts = {
			db: this.database.db,
			liveLog: this.liveLog,
			blobs: this.blobs,
			act: this.kit.act,
			signals,
			ids: testIds,
			clock: { now: () => Date.now() },
			config: { recordingRetentionDays: 90, portalOrigin: 'http://portal.test' },
			mailer: this.mailer,
			masterKey: this.masterKey,
			secret: 'a secret of the tests, long enough to sign with',
			log: { error: (fields: unknown) => this.faults.push(fields) },
			...over
		} as unknown as Parts;
		const recordings = composeRecordings(parts, sealer);
		return { recordings, retention: composeRetention(parts, { recordings }) };
	}

	impersonate(agency: SeededAgency): Promise<Impersonated> {
		const { clientId, owner } = agency.clients.assigned;
		const who = { agencyId: agency.agencyId, staffId: agency.staff.manager, clientId, contactId: owner };
		return impersonate(this.database.db, who, this.kit);
	}

	supervisor(agency: SeededAgency) {
		return signInStaff(this.database.db, agency.agencyId, agency.staff.supervisor);
	}

	/** Somebody watches, as the hub notes it: what runs is shown to nobody else. @returns the watch's id */
	async watch({ agencyId, staffId }: StaffActor, { impersonationId }: Stay): Promise<string> {
		const id = randomUUID();
		await this.database.db.execute(sql`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id)
			VALUES (${id}, ${agencyId}, ${impersonationId}, ${staffId}, ${randomUUID()})`);
		return id;
	}

	/** Opens the replay of a session that still runs. */
	async openRunning(actor: StaffActor, { impersonationId }: Stay): Promise<void> {
		await this.watch(actor, { impersonationId });
		await this.recordings.openReplay(actor, { impersonationId, origin: NO_ORIGIN });
	}

	/** Appends batches as the hub would, `everyMs` apart from now on, and notes the last event's time. */
	async record({ impersonationId, pageId }: Impersonated, count: number, everyMs = 100): Promise<void> {
		const from = Date.now();
		for (let seq = 0; seq < count; seq++) {
			const bytes = new TextEncoder().encode(JSON.stringify([{ type: 4, timestamp: from, data: { seq } }]));
			const receivedAt = from + seq * everyMs;
			await this.liveLog.append({ impersonationId, pageId, seq, receivedAt, offsetMs: 0, bytes });
		}
		const lastAt = from + (count - 1) * everyMs;
		await this.database.db.execute(
			sql`UPDATE page SET last_event_at = to_timestamp(${lastAt}::float8 / 1000) WHERE id = ${pageId}`
		);
	}

	/**
	 * A page with a picture, as the hub would store it: a full snapshot, then four batches a second in which a list grows and
	 * somebody types, received a while ago. Goes on behind what is there. @returns how many batches
	 */
	async recordPage(
		{ impersonationId, pageId }: Pick<Impersonated, 'impersonationId' | 'pageId'>,
		{ seconds, agoMs = 30_000, from = 0 }: { seconds: number; agoMs?: number; from?: number }
	): Promise<number> {
		const startAt = Date.now() - agoMs;
		const count = seconds * 4 + 1;
		for (let seq = from; seq < from + count; seq++) {
			const at = startAt + (seq - from) * 250;
			const bytes = encodeBatch(seq === 0 ? firstPicture(at) : listGrows(seq, at));
			await this.liveLog.append({ impersonationId, pageId, seq, receivedAt: at + 20, offsetMs: 0, bytes });
		}
		await this.database.db.execute(sql`
			UPDATE page SET opened_at = to_timestamp(${startAt}::float8 / 1000), last_event_at = to_timestamp(
				${startAt + (count - 1) * 250}::float8 / 1000) WHERE id = ${pageId}`);
		return count;
	}

	/** The process dies, the end of its newest file with data is torn, and another process starts. */
	async tearLog(bytes: number): Promise<void> {
		await this.liveLog.close();
		const folder = path.join(this.folder, 'log');
		const files = readdirSync(folder).map((name) => path.join(folder, name));
		const sizes = files.map((file) => ({ file, content: readFileSync(file) }));
		const newest = sizes.toSorted((a, b) => b.content.length - a.content.length)[0]!;
		writeFileSync(newest.file, newest.content.subarray(0, newest.content.length - bytes));
		this.liveLog = await FileLiveLog.open(folder);
	}

	async close(): Promise<void> {
		await this.liveLog.close();
		await this.database.drop();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
