// Config in, application out; the same for web, hub, worker and tests. The only file that names adapters [P6].
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { AppError } from '#domain/errors.ts';
import { FileBlobs } from './adapters/files/file-blobs.ts';
import { FileMailer } from './adapters/files/file-mailer.ts';
import { SmtpMailer } from './adapters/smtp/smtp-mailer.ts';
import { FileLiveLog } from './adapters/files/file-live-log.ts';
import { TusUploads } from './adapters/files/tus-uploads.ts';
import { InProcessSignals } from './adapters/inprocess/in-process-signals.ts';
import { RandomIds } from './adapters/inprocess/random-ids.ts';
import { SystemClock } from './adapters/inprocess/system-clock.ts';
import type { App } from './app.ts';
import { composeAgency } from './compose/agency.ts';
import { composeImpersonation } from './compose/impersonation.ts';
import { composeLive } from './compose/live.ts';
import { composeLog } from './compose/log.ts';
import type { Parts } from './compose/parts.ts';
import { composePortal } from './compose/portal.ts';
import { composeRecordings } from './compose/recordings.ts';
import { composeRetention } from './compose/retention.ts';
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
import { createDrain } from './db/outbox.ts';
import { migrateJobs } from './jobs/migrate-jobs.ts';
import { openJobs, type Jobs } from './jobs/queue.ts';
import type { Logger } from './logger.ts';
import type { Mailer } from './ports/mailer.ts';
import { openSecret, openSigningKey } from './sign-in/keys.ts';
import { createPageTickets } from './sign-in/page-ticket.ts';

export type Composed = { app: App; parts: Parts; jobs: Jobs; database: Database };

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

function openMailer({ smtpUrl, dataDir, portalOrigin }: Config): Mailer {
	const from = `no-reply@${new URL(portalOrigin).hostname}`;
	return smtpUrl ? new SmtpMailer(smtpUrl, from) : new FileMailer(path.join(dataDir, 'mail'), from);
}

async function openParts(config: Config, log: Logger, database: Database, drain: () => void): Promise<Parts> {
	const { db } = database;
	const signals = new InProcessSignals((error) => log.error({ event: 'signal.receiver_failed', err: error }));
	const secret = config.secret ?? (await openSecret(config.dataDir));
	const publish = (signal: Parameters<typeof signals.publish>[0]) => signals.publish(signal);
	return {
		config,
		log,
		db,
		signals,
		secret,
		act: createAct({ db, publish, drain }),
		clock: new SystemClock(),
		ids: new RandomIds(),
		blobs: await FileBlobs.open(path.join(config.dataDir, 'blobs')),
		uploads: new TusUploads(path.join(config.dataDir, 'uploads')),
		liveLog: await FileLiveLog.open(path.join(config.dataDir, 'live-log')),
		mailer: openMailer(config),
		tickets: createPageTickets(secret),
		signingKey: await openSigningKey(config.keysDir)
	};
}

function assemble(parts: Parts, database: Database, close: () => Promise<void>): App {
	const { config, log, tickets } = parts;
	const signIn = composeSignIn(parts);
	const impersonation = composeImpersonation(parts);
	const recordings = composeRecordings(parts);
	const drafts = composeDrafts(parts);
	const draftable = wrapDrafts(drafts, {
		tasks: composeTasks(parts),
		files: composeFiles(parts),
		orders: composeOrders(parts),
		billing: composeBilling(parts),
		subscriptions: composeSubscriptions(parts)
	});
	const isReady = async (): Promise<boolean> => {
		try {
			await database.db.execute(sql`SELECT 1`);
			return true;
		} catch (err) {
			log.warn({ event: 'ready.database_silent', err });
			return false;
		}
	};
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
		actionLog: composeLog(parts),
		retention: composeRetention(parts, { recordings }),
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
		setup: composeSetup(parts),
		isReady,
		close
	};
}

/**
 * Opens everything the settings name.
 * @throws AppError `conflict` when another process runs on the same data
 */
export async function compose(config: Config, log: Logger): Promise<Composed> {
	const database = await openOwnDatabase(config);
	const targets = {
		publish: async (signal: Parameters<Parts['signals']['publish']>[0]) => parts.signals.publish(signal),
		addJobs: async (all: Parameters<Jobs['add']>[0]) => {
			// A closed queue takes nothing and never says so: what is left waits in its rows for the next start.
			if (isClosed) throw new AppError('try_later', 'The queue is closed.');
			return jobs.add(all);
		}
	};
	let isClosed = false;
	const drain = createDrain(database.db, targets, (err) => {
		if (!isClosed) log.error({ event: 'outbox.drain_failed', err });
	});
	const parts = await openParts(config, log, database, () => void drain());
	const jobs = await openJobs(database.connection, (err) => log.error({ event: 'jobs.error', err }));
	// In reverse order of opening.
	const close = async (): Promise<void> => {
		await drain();
		await jobs.close();
		isClosed = true;
		await drain();
		await parts.mailer.close();
		await parts.liveLog.close();
		await parts.signals.close();
		await database.close();
	};
	return { app: assemble(parts, database, close), parts, jobs, database };
}
