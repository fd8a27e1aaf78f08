// Config in, application out; the same for web, hub, worker and tests [P6]. Adapters are chosen in compose/open-adapters.
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { RandomIds } from './adapters/inprocess/random-ids.ts';
import { SystemClock } from './adapters/inprocess/system-clock.ts';
import type { App } from './app.ts';
import { composeAlerts } from './compose/alerts.ts';
import { composeAgency } from './compose/agency.ts';
import { createHealth } from './compose/health.ts';
import type { PortCall } from './compose/measured.ts';
import { openAdapters, type Adapters } from './compose/open-adapters.ts';
import { composeImpersonation } from './compose/impersonation.ts';
import { composeLive } from './compose/live.ts';
import { composeLog } from './compose/log.ts';
import type { Parts } from './compose/parts.ts';
import { composePortal } from './compose/portal.ts';
import { composeReceipt } from './compose/receipt.ts';
import { composeRecordings } from './compose/recordings.ts';
import { composeEvidence } from './compose/evidence.ts';
import { composeRetention } from './compose/retention.ts';
import { composeReview } from './compose/review.ts';
import { composeSetup } from './compose/setup.ts';
import { composeSignIn } from './compose/sign-in.ts';
import { composeTasks } from './compose/tasks.ts';
import { composeFiles } from './compose/files.ts';
import { composeServices } from './compose/services.ts';
import { composeOrders } from './compose/orders.ts';
import { composeBilling } from './compose/billing.ts';
import { composeSubscriptions } from './compose/subscriptions.ts';
import { composeMessages } from './compose/messages.ts';
import { composeAccount } from './compose/account.ts';
import { composeNotices } from './compose/notices.ts';
import { composeClients } from './compose/clients.ts';
import { composeTeam } from './compose/team.ts';
import { composeDashboard } from './compose/dashboard.ts';
import { composePortalSetup } from './compose/portal-setup.ts';
import { composeSettings } from './compose/settings.ts';
import { composeConsent } from './compose/consent.ts';
import { composeDrafts } from './compose/drafts.ts';
import { wrapDrafts } from './compose/wrap-drafts.ts';
import { composeLens } from './compose/lens.ts';
import type { Config } from './config.ts';
import { createAct } from './db/act.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase, type Database } from './db/open-database.ts';
import { createDrain, type OutboxTargets } from './db/outbox.ts';
import { migrateJobs } from './jobs/migrate-jobs.ts';
import type { JobsConnection } from './jobs/queue-backend.ts';
import { openJobs, type Jobs } from './jobs/queue.ts';
import type { Logger } from './logger.ts';
import { opensStored } from './recordings/stored-keys.ts';
import { openSecret, openSigningKey } from './sign-in/keys.ts';
import { openMasterKey } from './sign-in/master-key.ts';
import { createPageTickets } from './sign-in/page-ticket.ts';

export type Composed = {
	app: App;
	parts: Parts;
	jobs: Jobs;
	/** Where the outbox delivers to. */
	outbox: OutboxTargets;
	database: Database;
	/** Tells of every call of a port that ended. */
	watchPorts(observe: (call: PortCall) => void): void;
};

async function openOwnDatabase(config: Config): Promise<Database> {
	const database = await openDatabase(config);
	if (!database.attached) {
		await migrate(database.owner);
		await migrateJobs(database.owner);
		return database;
	}
	await database.close();
	throw new AppError(
		'conflict',
		`Another Switchback runs on ${config.dataDir}. Stop it, or set another DATA_DIR.`
	);
}

/** Where the jobs are: in Redis if there is one, else beside the data. */
export const jobsConnection = (config: Config, database: Database): JobsConnection =>
	config.redisUrl ? { redisUrl: config.redisUrl } : database.connection;

type Opened = { config: Config; log: Logger; database: Database; adapters: Adapters; drain(): void };

async function openParts({ config, log, database, adapters, drain }: Opened): Promise<Parts> {
	const { db } = database;
	const { signals, blobs, uploads, liveLog, mailer, hubNews } = adapters;
	// Before anything else is made: with the wrong folder nothing must be.
	const masterKey = await openMasterKey({ db, keysDir: config.keysDir, opensStored });
	const secret = config.secret ?? (await openSecret(config.dataDir));
	return {
		config,
		log,
		db,
		signals,
		blobs,
		uploads,
		liveLog,
		mailer,
		hubNews,
		secret,
		act: createAct({ db, publish: (signal) => signals.publish(signal), drain }),
		clock: new SystemClock(),
		ids: new RandomIds(),
		tickets: createPageTickets(secret),
		masterKey,
		signingKey: await openSigningKey(config.keysDir)
	};
}

function assemble(parts: Parts, { health, close }: Pick<App, 'health' | 'close'>): App {
	const { config, log, tickets } = parts;
	const signIn = composeSignIn(parts);
	const impersonation = composeImpersonation(parts);
	const recordings = composeRecordings(parts);
	const actionLog = composeLog(parts);
	const drafts = composeDrafts(parts);
	const draftable = wrapDrafts(drafts, {
		tasks: composeTasks(parts),
		files: composeFiles(parts),
		orders: composeOrders(parts),
		billing: composeBilling(parts),
		subscriptions: composeSubscriptions(parts)
	});
	return {
		config,
		log,
		tickets,
		signIn,
		impersonation,
		portal: composePortal(parts),
		agency: composeAgency(parts),
		live: composeLive(parts, { end: impersonation.end, signIn }),
		recordings,
		actionLog,
		evidence: composeEvidence(parts, actionLog),
		retention: composeRetention(parts, { recordings }),
		review: composeReview(parts),
		alerts: composeAlerts(parts),
		services: composeServices(parts),
		...draftable,
		messages: composeMessages(parts),
		account: composeAccount(parts),
		notices: composeNotices(parts),
		clients: composeClients(parts),
		team: composeTeam(parts),
		dashboard: composeDashboard(parts),
		portalSetup: composePortalSetup(parts),
		settings: composeSettings(parts),
		consent: composeConsent(parts),
		drafts,
		lens: composeLens(parts),
		receipt: composeReceipt(parts, draftable),
		setup: composeSetup(parts),
		health,
		close
	};
}

/**
 * Opens everything the settings name.
 * @throws AppError `conflict` when another process runs on the same data; what an adapter says of its server
 */
export async function compose(config: Config, log: Logger): Promise<Composed> {
	const database = await openOwnDatabase(config);
	const observers = new Set<(call: PortCall) => void>();
	const observe = (call: PortCall): void => observers.forEach((each) => each(call));
	const adapters = await openAdapters({ config, log, observe });
	const outbox: OutboxTargets = {
		publish: (signal) => adapters.carrier.publish(signal),
		addJobs: async (all) => {
			// A closed queue takes nothing and never says so: what is left waits in its rows for the next start.
			if (isClosed) throw new AppError('try_later', 'The queue is closed.');
			return jobs.add(all);
		}
	};
	let isClosed = false;
	const drain = createDrain(database.db, outbox, (err) => {
		if (!isClosed) log.error({ event: 'outbox.drain_failed', err });
	});
	const parts = await openParts({ config, log, database, adapters, drain: () => void drain() });
	const onJobsError = (err: Error): void => log.error({ event: 'jobs.error', err });
	const jobs = await openJobs(jobsConnection(config, database), onJobsError);
	const health = createHealth(
		{ database: () => database.db.execute(sql`SELECT 1`), ...adapters.checks },
		log
	);
	// In reverse order of opening.
	const close = async (): Promise<void> => {
		await drain();
		await jobs.close();
		isClosed = true;
		await drain();
		await adapters.close();
		await database.close();
	};
	const watchPorts = (each: (call: PortCall) => void): void => void observers.add(each);
	return { app: assemble(parts, { health, close }), parts, jobs, outbox, database, watchPorts };
}
