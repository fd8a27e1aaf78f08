// The process's one HTTP server: hosts we do not know are refused, health and metrics answered, the rest handed to the
// web. Headers that the web believes are set here and nowhere else, overwriting whatever a client sent.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { App } from '#server/app.ts';
import type { Config } from '#server/config.ts';
import { ADDRESS_HEADER } from '#server/sign-in/auth.ts';

/** Tells adapter-node the scheme; without it every form post over plain http would be refused (stack.md). */
export const PROTOCOL_HEADER = 'x-switchback-protocol';

export type WebHandler = (request: IncomingMessage, response: ServerResponse) => void;

const LOOPBACK = new Set(['127.0.0.1', '::1']);

/** The caller's address. Forwarded headers are believed only from proxies that the operator named. */
export function addressOf(request: IncomingMessage, trustedProxies: readonly string[]): string {
	const direct = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
	if (!trustedProxies.includes(direct)) return direct;
	const chain = String(request.headers['x-forwarded-for'] ?? '')
		.split(',')
		.map((part) => part.trim())
		.filter(Boolean);
	// From the right: each hop that we trust vouches for the one before it, and the first stranger is the caller.
	return chain.findLast((hop) => !trustedProxies.includes(hop)) ?? direct;
}

/** Host → configured origin, or null for a host that is not ours. */
function originOf(config: Config, host: string | undefined): string | null {
	const origins = [config.agencyOrigin, config.portalOrigin, config.replayOrigin];
	return origins.find((origin) => new URL(origin).host === host?.toLowerCase()) ?? null;
}

function say(
	response: ServerResponse,
	status: number,
	text: string,
	type = 'text/plain; charset=utf-8'
): void {
	response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' });
	response.end(text);
}

function mayReadMetrics(request: IncomingMessage, config: Config): boolean {
	// Attack: behind a proxy on this very machine every stranger's connection comes from loopback.
	if (!config.metricsToken) return LOOPBACK.has(addressOf(request, config.trustedProxies));
	const wanted = Buffer.from(`Bearer ${config.metricsToken}`);
	const given = Buffer.from(request.headers.authorization ?? '');
	return wanted.length === given.length && timingSafeEqual(wanted, given);
}

type Operators = { app: App; registry: Registry };

async function answerOperator(
	path: string,
	request: IncomingMessage,
	response: ServerResponse,
	on: Operators
) {
	if (path === '/healthz') return say(response, 200, 'alive\n');
	if (path === '/readyz') {
		const silent = (await on.app.health()).filter(({ isUp }) => !isUp);
		if (silent.length === 0) return say(response, 200, 'ready\n');
		return say(response, 503, silent.map(({ dependency }) => `${dependency} does not answer\n`).join(''));
	}
	if (!mayReadMetrics(request, on.app.config)) return say(response, 403, 'metrics need the token\n');
	return say(response, 200, await on.registry.metrics(), on.registry.contentType);
}

const OPERATOR_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Makes the server, without a web for a process that is only hub or worker; the caller listens, attaches the hub's upgrades and closes it. */
export function createHttpServer({ app, registry, web }: Operators & { web: WebHandler | null }): Server {
	const { config, log } = app;
	return createServer((request, response) => {
		const origin = originOf(config, request.headers.host);
		// Attack: DNS rebinding makes a stranger's page same-origin with us under the stranger's host name.
		if (!origin) return say(response, 421, 'This host is not served here.\n');
		const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
		if (origin === config.agencyOrigin && OPERATOR_PATHS.has(path)) {
			answerOperator(path, request, response, { app, registry }).catch((err: unknown) => {
				log.error({ event: 'operator.failed', err });
				if (!response.headersSent) say(response, 500, 'failed\n');
			});
			return;
		}
		if (!web) return say(response, 404, 'This process serves no pages.\n');
		request.headers[ADDRESS_HEADER] = addressOf(request, config.trustedProxies);
		request.headers[PROTOCOL_HEADER] = new URL(origin).protocol.slice(0, -1);
		web(request, response);
	});
}
