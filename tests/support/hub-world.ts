// A hub with everything real but the sign-in: embedded PostgreSQL, live log on files, the act gate, sockets on port 0. Two
// agencies, so that each test can prove that neither sees the other.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgencyId, ClientId, ContactId, ImpersonationId, PageId, StaffId } from '#domain/ids.ts';
import { RandomIds } from '#server/adapters/inprocess/random-ids.ts';
import { createAct } from '#server/db/act.ts';
import { drainOutbox } from '#server/db/outbox.ts';
import type { HubNews } from '#server/ports/hub-news.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signal, Signals } from '#server/ports/signals.ts';
import { hashSecret, IMPERSONATION_COOKIE } from '#server/sign-in/impersonation-cookie.ts';
import { endImpersonation } from '#server/usecases/impersonation/end-impersonation.ts';
import { attachUpgrades } from '#realtime/hub/attach-upgrades.ts';
import { createHub, type Hub } from '#realtime/hub/hub.ts';
import type { HubDependencies } from '#realtime/hub/dependencies.ts';
import { clock, hubDependencies, tickets } from './hub-dependencies.ts';
import { onFiles, onRedis, type SharedHubParts } from './shared-hub-parts.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

export { AGENCY_ORIGIN, PORTAL_ORIGIN } from './hub-dependencies.ts';

export type TestStaff = { id: StaffId; agencyId: AgencyId; sessionId: string; cookie: string; name: string };
export type TestImpersonation = {
	id: ImpersonationId;
	agencyId: AgencyId;
	clientId: ClientId;
	contactId: ContactId;
	staff: TestStaff;
	cookie: string;
};
export type TestPage = { id: PageId; ticket: string; cookie: string };

/** Signals that can be lost on purpose. */
class LossySignals implements Signals {
	isLosing = false;
	private readonly real: Signals;
	constructor(real: Signals) {
		this.real = real;
	}
	publish(signal: Signal): Promise<void> {
		return this.isLosing ? Promise.resolve() : this.real.publish(signal);
	}
	subscribe(receive: (signal: Signal) => void): () => void {
		return this.real.subscribe(receive);
	}
	close(): Promise<void> {
		return this.real.close();
	}
}

export class HubWorld {
	readonly database: TestDatabase;
	readonly signals: LossySignals;
	readonly hubNews: HubNews;
	private readonly isAlone: boolean;
	readonly ids = new RandomIds(clock);
	readonly act;
	readonly end;
	readonly errors: unknown[] = [];
	/** Pages that the hub wanted sealed. */
	readonly sealAsked: string[] = [];
	readonly liveLog: LiveLog;
	hub!: Hub;
	port = 0;
	/** Overrides for one test, read at each call. */
	overrides: Partial<HubDependencies> = {};
	private readonly folder: string;
	private http!: Server;

	private constructor(database: TestDatabase, folder: string, shared: SharedHubParts) {
		this.database = database;
		this.folder = folder;
		this.isAlone = shared.isAlone;
		this.liveLog = shared.liveLog;
		this.hubNews = shared.hubNews;
		this.signals = new LossySignals(shared.carrier);
		const { db } = database;
		const drain = () =>
			void drainOutbox(db, {
				publish: (signal) => this.signals.publish(signal),
				addJobs: () => Promise.resolve()
			}).catch((error: unknown) => this.errors.push(error));
		this.act = createAct({ db, publish: (signal) => this.signals.publish(signal), drain });
		this.end = endImpersonation({ act: this.act, db });
	}

	/** With a Redis other processes may run hubs beside this one. */
	static async open(redisUrl?: string): Promise<HubWorld> {
		const folder = mkdtempSync(path.join(tmpdir(), 'switchback-hub-'));
		const shared = redisUrl ? await onRedis(redisUrl) : await onFiles(folder);
		const world = new HubWorld(await createTestDatabase(), folder, shared);
		await world.startHub();
		return world;
	}

	/** Starts a hub on a new port, e.g. after `stopHub`. */
	async startHub(): Promise<void> {
		this.hub = createHub({ ...this.dependencies(), ...this.overrides });
		this.http = createServer((_request, response) => response.writeHead(404).end());
		attachUpgrades(this.http, this.hub, { others: 'destroy' });
		await this.hub.start();
		await new Promise<void>((resolve) => this.http.listen(this.port, '127.0.0.1', resolve));
		this.port = (this.http.address() as AddressInfo).port;
	}

	async stopHub(): Promise<void> {
		await this.hub.close();
		this.http.closeAllConnections();
		await new Promise((resolve) => this.http.close(resolve));
	}

	async close(): Promise<void> {
		await this.stopHub();
		await Promise.all([this.liveLog.close(), this.hubNews.close(), this.signals.close()]);
		await this.database.drop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	async addAgency(policy: Record<string, unknown> = {}): Promise<AgencyId> {
		const id = this.ids.uuid() as AgencyId;
		await this.database
			.owner`INSERT INTO agency (id, name, policy) VALUES (${id}, 'Agency', ${this.database.owner.json(policy as never)})`;
		return id;
	}

	async addStaff(agencyId: AgencyId, permissions: string[], name = 'Sofia Stern'): Promise<TestStaff> {
		const { owner } = this.database;
		const [id, roleId, sessionId] = [this.ids.uuid() as StaffId, this.ids.uuid(), this.ids.uuid()];
		await owner`INSERT INTO role (id, agency_id, key, name, permissions) VALUES (${roleId}, ${agencyId}, ${roleId}, 'Role', ${permissions})`;
		await owner`INSERT INTO staff (id, agency_id, role_id, name, email) VALUES (${id}, ${agencyId}, ${roleId}, ${name}, ${`${id}@agency.test`})`;
		await owner`INSERT INTO staff_session (id, user_id, token, expires_at) VALUES (${sessionId}, ${id}, ${sessionId}, now() + interval '1 hour')`;
		return { id, agencyId, sessionId, cookie: `staff=${sessionId}`, name };
	}

	/** A running impersonation, as start and enter leave it. */
	async addImpersonation(agencyId: AgencyId, name = 'Maya Moon'): Promise<TestImpersonation> {
		const { owner } = this.database;
		const staff = await this.addStaff(
			agencyId,
			['clients.read', 'clients.all', 'impersonate', 'impersonate.act'],
			name
		);
		const clientId = this.ids.uuid() as ClientId;
		const contactId = this.ids.uuid() as ContactId;
		const id = this.ids.uuid() as ImpersonationId;
		const token = this.ids.secret();
		await owner`INSERT INTO client (id, agency_id, name) VALUES (${clientId}, ${agencyId}, 'Bluebird Bakery')`;
		await owner`INSERT INTO contact (id, agency_id, client_id, name, email, is_owner)
			VALUES (${contactId}, ${agencyId}, ${clientId}, 'Bea Baker', ${`${contactId}@client.test`}, true)`;
		await owner`INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode, reason, ticket,
				state, code_hash, code_expires_at, token_hash, started_at, expires_at, idle_limit_ms, return_to)
			VALUES (${id}, ${agencyId}, ${clientId}, ${contactId}, ${staff.id}, ${staff.sessionId}, 'act', 'support', '812', 'active',
				${hashSecret(randomUUID())}, now(), ${hashSecret(token)}, now(), now() + interval '30 minutes', 600000, '/clients')`;
		await owner`INSERT INTO impersonation_pulse (impersonation_id) VALUES (${id})`;
		return { id, agencyId, clientId, contactId, staff, cookie: `${IMPERSONATION_COOKIE}=${token}` };
	}

	async addPage(impersonation: TestImpersonation): Promise<TestPage> {
		const id = this.ids.uuid() as PageId;
		await this.database.owner`INSERT INTO page (id, agency_id, impersonation_id, address)
			VALUES (${id}, ${impersonation.agencyId}, ${impersonation.id}, '/tasks')`;
		return { id, ticket: tickets.mint(impersonation.id, id), cookie: impersonation.cookie };
	}

	/** Ticket of our own making for any pair of ids, as the server would mint it. */
	mint(impersonation: TestImpersonation, pageId: PageId): string {
		return tickets.mint(impersonation.id, pageId);
	}

	private dependencies(): HubDependencies {
		return hubDependencies({
			database: this.database,
			act: this.act,
			ids: this.ids,
			end: this.end,
			liveLog: this.liveLog,
			signals: this.signals,
			hubNews: this.hubNews,
			isAlone: this.isAlone,
			onError: (error) => void this.errors.push(error),
			askSeal: (pageId) => {
				this.sealAsked.push(pageId);
				return Promise.resolve();
			}
		});
	}
}
