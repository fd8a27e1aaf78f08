// The start of a process: config → compose → web, hub and worker, as its role says → orderly stop.
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { compose, type Composed } from '#server/compose.ts';
import type { Config, Role } from '#server/config.ts';
import { createLogger, type Logger } from '#server/logger.ts';
import { handOver } from '#web/app.ts';
import { attachUpgrades } from './hub/attach-upgrades.ts';
import { createHub, type Hub } from './hub/hub.ts';
import { ownAddresses } from './hub/own-addresses.ts';
import { addressOf, createHttpServer, type WebHandler } from './http-server.ts';
import { createProcessMetrics } from './process-metrics.ts';
import { createHandlers } from './worker/handlers.ts';

export type Running = {
	config: Config;
	composed: Composed;
	server: Server;
	log: Logger;
	close(): Promise<void>;
};

export type StartOptions = {
	/** Runs once the application is composed and before anything is served. */
	prepare?(composed: Composed): Promise<void>;
	/** Makes the web: the built bundle, or Vite in development. */
	openWeb(server: () => Server): Promise<{ handle: WebHandler; close(): Promise<void> }>;
	/** What happens to upgrades that are not the hub's. */
	otherUpgrades: 'ignore' | 'destroy';
};

/** The whole stop must fit into the ten seconds of contract.md §Commands. */
const STOP_LIMIT_MS = 9_000;

/** The hub of this process; benches open one beside an application of their own. */
export function openHub({ app, parts, jobs }: Composed, registry: Registry): Hub {
	const { config, log, live } = app;
	return createHub({
		hubId: randomUUID(),
		agencyOrigin: config.agencyOrigin,
		portalOrigin: config.portalOrigin,
		clock: parts.clock,
		logger: {
			info: (fields, event) => log.info({ event, ...fields }),
			warn: (fields, event) => log.warn({ event, ...fields }),
			error: (fields, event) => log.error({ event, ...fields })
		},
		registry,
		liveLog: parts.liveLog,
		signals: parts.signals,
		hubNews: parts.hubNews,
		allowedAssets: ownAddresses(config),
		addressOf: (request) => addressOf(request, config.trustedProxies),
		readPicture: app.recordings.readPicture,
		askSeal: (pageId) => jobs.add([{ name: 'recording.seal', data: { pageId } }]),
		...live
	});
}

const startWorker = ({ app, jobs, outbox }: Composed): Promise<void> =>
	jobs.work(createHandlers(app, outbox), (name, err) =>
		app.log.error({ event: 'job.failed', job: name, err })
	);

/** A process that is only hub or worker answers operators and sockets, and no page. */
const noWeb = { handle: null, close: () => Promise.resolve() };

/** Starts what this process's role says and resolves when it serves. */
export async function start(config: Config, options: StartOptions): Promise<Running> {
	const log = createLogger(config.logLevel);
	const composed = await compose(config, log);
	const { app } = composed;
	const does = (role: Role): boolean => config.roles.includes(role);
	await options.prepare?.(composed);
	handOver(app);
	const registry = createProcessMetrics(composed);
	const hub = does('hub') ? openHub(composed, registry) : null;
	const web = does('web') ? await options.openWeb(() => server) : noWeb;
	const server = createHttpServer({ app, registry, web: web.handle });
	const detach = attachUpgrades(server, hub, { others: options.otherUpgrades });
	await hub?.start();
	if (does('worker')) await startWorker(composed);
	server.listen(config.port, config.host);
	await once(server, 'listening');
	log.info({ event: 'process.started', host: config.host, port: config.port, roles: config.roles });
	const close = async (): Promise<void> => {
		detach();
		server.close();
		await hub?.close();
		await web.close();
		server.closeAllConnections();
		await app.close();
		log.info({ event: 'process.stopped' });
	};
	return { config, composed, server, log, close };
}

/** Ends the process on SIGTERM and SIGINT; a stop that hangs is cut off, and kill -9 loses nothing either. */
export function stopOnSignal(running: Running): void {
	let stopping = false;
	const stop = async (): Promise<void> => {
		if (stopping) return;
		stopping = true;
		const isClean = await Promise.race([running.close().then(() => true), delay(STOP_LIMIT_MS, false)]).catch(
			(err: unknown) => {
				running.log.error({ event: 'process.stop_failed', err });
				return false;
			}
		);
		process.exit(isClean ? 0 : 1);
	};
	process.on('SIGTERM', () => void stop());
	process.on('SIGINT', () => void stop());
}
