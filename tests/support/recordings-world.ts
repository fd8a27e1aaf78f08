// Recordings to read: two agencies with an impersonation each, and a live log on files that a test may damage.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { FileLiveLog } from '#server/adapters/files/file-live-log.ts';
import { composeRecordings } from '#server/compose/recordings.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import { impersonate, impersonationKit, signInStaff, type Impersonated } from './impersonate.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { seedTwoAgencies, type SeededAgency, type TwoAgencies } from './two-agencies.ts';

export class RecordingsWorld {
	readonly database: TestDatabase;
	readonly agencies: TwoAgencies;
	readonly kit;
	liveLog: LiveLog;
	private readonly folder: string;

	private constructor(database: TestDatabase, agencies: TwoAgencies, folder: string, liveLog: LiveLog) {
		this.database = database;
		this.agencies = agencies;
		this.folder = folder;
		this.liveLog = liveLog;
		this.kit = impersonationKit(database.db);
	}

	static async open(): Promise<RecordingsWorld> {
		const database = await createTestDatabase();
		const agencies = await seedTwoAgencies(database.db);
		const folder = mkdtempSync(path.join(tmpdir(), 'switchback-recordings-'));
		return new RecordingsWorld(database, agencies, folder, await FileLiveLog.open(folder));
	}

	/** Composed anew, so that it uses the live log of now. */
	get recordings(): ReturnType<typeof composeRecordings> {
		const { db } = this.database;
		const parts: Partial<Parts> = { db, act: this.kit.act, liveLog: this.liveLog };
		return composeRecordings(parts as Parts);
	}

	impersonate(agency: SeededAgency): Promise<Impersonated> {
		const { clientId, owner } = agency.clients.assigned;
		const who = { agencyId: agency.agencyId, staffId: agency.staff.manager, clientId, contactId: owner };
		return impersonate(this.database.db, who, this.kit);
	}

	supervisor(agency: SeededAgency) {
		return signInStaff(this.database.db, agency.agencyId, agency.staff.supervisor);
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

	/** The process dies, the end of its newest file with data is torn, and another process starts. */
	async tearLog(bytes: number): Promise<void> {
		await this.liveLog.close();
		const files = readdirSync(this.folder).map((name) => path.join(this.folder, name));
		const sizes = files.map((file) => ({ file, content: readFileSync(file) }));
		const newest = sizes.toSorted((a, b) => b.content.length - a.content.length)[0]!;
		writeFileSync(newest.file, newest.content.subarray(0, newest.content.length - bytes));
		this.liveLog = await FileLiveLog.open(this.folder);
	}

	async close(): Promise<void> {
		await this.liveLog.close();
		await this.database.drop();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
