// Which adapter stands behind each port, by the settings alone; each is closed, asked for its health and timed the same way.
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { FileBlobs } from '../adapters/files/file-blobs.ts';
import { FileLiveLog } from '../adapters/files/file-live-log.ts';
import { FileMailer } from '../adapters/files/file-mailer.ts';
import { LIFE_MS, TusUploads } from '../adapters/files/tus-uploads.ts';
import { InProcessHubNews } from '../adapters/inprocess/in-process-hub-news.ts';
import { InProcessSignals } from '../adapters/inprocess/in-process-signals.ts';
import { ToldSignals } from '../adapters/inprocess/told-signals.ts';
import { RedisHubNews } from '../adapters/redis/redis-hub-news.ts';
import { RedisLiveLog } from '../adapters/redis/redis-live-log.ts';
import { RedisSignals } from '../adapters/redis/redis-signals.ts';
import { BlobPieces } from '../adapters/s3/blob-pieces.ts';
import { S3Blobs } from '../adapters/s3/s3-blobs.ts';
import { SmtpMailer } from '../adapters/smtp/smtp-mailer.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { HubNews } from '../ports/hub-news.ts';
import type { LiveLog } from '../ports/live-log.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { Signals } from '../ports/signals.ts';
import { measured, type PortCall } from './measured.ts';

/** Asks one dependency whether it works; rejects when it does not. */
export type HealthCheck = () => Promise<unknown>;

export type Adapters = {
	/** For use cases: what is published goes its way, whatever becomes of it. */
	signals: Signals;
	/** For the outbox, which tries again what was refused. */
	carrier: Signals;
	blobs: Blobs;
	uploads: TusUploads;
	liveLog: LiveLog;
	mailer: Mailer;
	hubNews: HubNews;
	checks: Readonly<Record<string, HealthCheck>>;
	close(): Promise<void>;
};

type Context = { config: Config; log: Logger; observe(call: PortCall): void };

/**
 * Opens what the settings name.
 * @throws AppError with one line for the operator when a server cannot be reached, or must not be used as it is set up
 */
export async function openAdapters(context: Context): Promise<Adapters> {
	const { config, log, observe } = context;
	const { liveLog, carrier, redisCheck } = await openShared(context);
	const { blobs, check: objects } = await openBlobs(config);
	const mailer = measured(openMailer(config), 'mailer', ['send'], observe);
	const hubNews = await openHubNews(context);
	const timedBlobs = measured(blobs, 'blobs', ['put', 'open', 'remove'], observe);
	const timedCarrier = measured(carrier, 'signals', ['publish'], observe);
	// Pieces of uploads are for all processes as soon as there may be several.
	const isShared = config.s3 !== null || config.redisUrl !== null;
	const pieces = isShared ? new BlobPieces(timedBlobs, LIFE_MS) : path.join(config.dataDir, 'uploads');
	return {
		signals: new ToldSignals(timedCarrier, (err) => log.warn({ event: 'signal.not_sent', err })),
		carrier: timedCarrier,
		blobs: timedBlobs,
		uploads: new TusUploads(pieces),
		liveLog: measured(liveLog, 'live_log', ['append', 'claim', 'reached', 'trim', 'remove'], observe),
		mailer,
		hubNews,
		checks: { ...(redisCheck && { redis: redisCheck }), objects },
		async close() {
			await mailer.close();
			await hubNews.close();
			await liveLog.close();
			await carrier.close();
			if (blobs instanceof S3Blobs) blobs.close();
		}
	};
}

/** Only hubs speak and listen. */
async function openHubNews({ config: { redisUrl, roles }, log }: Context): Promise<HubNews> {
	const onError = (err: unknown): void => log.error({ event: 'hub_news.failed', err });
	if (redisUrl && roles.includes('hub')) return RedisHubNews.open(redisUrl, onError);
	return new InProcessHubNews(onError);
}

/** What a backup reads, beside a process that may be writing. */
export async function openForBackup({ config, log }: Pick<Context, 'config' | 'log'>) {
	const { blobs } = await openBlobs(config);
	if (!config.redisUrl)
		return {
			blobs,
			liveLog: await FileLiveLog.look(path.join(config.dataDir, 'live-log')),
			close: () => Promise.resolve()
		};
	const liveLog = await RedisLiveLog.open(config.redisUrl, (err) => log.error({ event: 'redis.lost', err }));
	return { blobs, liveLog, close: () => liveLog.close() };
}

/** Live log and signals: inside the process, or in one Redis. */
async function openShared({ config: { redisUrl, dataDir }, log }: Context) {
	const onSignalError = (err: unknown): void => log.error({ event: 'signal.receiver_failed', err });
	if (!redisUrl)
		return {
			liveLog: await FileLiveLog.open(path.join(dataDir, 'live-log')),
			carrier: new InProcessSignals(onSignalError),
			redisCheck: null
		};
	const liveLog = await RedisLiveLog.open(redisUrl, (err) => log.error({ event: 'redis.lost', err }));
	try {
		const carrier = await RedisSignals.open(redisUrl, onSignalError);
		return { liveLog, carrier, redisCheck: () => liveLog.ping() };
	} catch (error) {
		await liveLog.close();
		throw error;
	}
}

async function openBlobs({ s3, dataDir }: Config): Promise<{ blobs: Blobs; check: HealthCheck }> {
	if (s3) {
		const blobs = new S3Blobs(s3);
		await blobs.requireUsable();
		return { blobs, check: () => blobs.ping() };
	}
	const folder = path.join(dataDir, 'blobs');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	return { blobs: await FileBlobs.open(folder), check: () => access(folder, constants.W_OK) };
}

function openMailer({ smtpUrl, dataDir, portalOrigin }: Config): Mailer {
	const from = `no-reply@${new URL(portalOrigin).hostname}`;
	return smtpUrl ? new SmtpMailer(smtpUrl, from) : new FileMailer(path.join(dataDir, 'mail'), from);
}
