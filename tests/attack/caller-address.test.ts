// Who a request is said to come from: rate limits, the log and the metrics believe it.
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '#server/config.ts';
import { ADDRESS_HEADER } from '#server/sign-in/auth.ts';
import { createHttpServer } from '#realtime/http-server.ts';

const STRANGER = '203.0.113.9';
let server: Server | undefined;
afterEach(() => server?.close());

async function serve(trustedProxies: string, seen: IncomingHttpHeaders[] = []) {
	const config = readConfig({ PORT: '3000', TRUSTED_PROXIES: trustedProxies });
	server = createHttpServer({
		app: { config } as Parameters<typeof createHttpServer>[0]['app'],
		registry: new Registry(),
		web: (incoming, response) => {
			seen.push(incoming.headers);
			response.end();
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return (path: string, headers: Record<string, string>): Promise<number> =>
		new Promise((resolve, reject) => {
			const call = request(
				{ port, host: '127.0.0.1', path, agent: false, headers: { host: 'localhost:3000', ...headers } },
				(answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
			);
			call.on('error', reject).end();
		});
}

describe('the caller’s address', () => {
	it('is not what the caller says: a spoofed header buys no fresh rate limit', async () => {
		const seen: IncomingHttpHeaders[] = [];
		const ask = await serve('', seen);
		await ask('/login', { 'x-forwarded-for': STRANGER, [ADDRESS_HEADER]: STRANGER });
		expect(seen[0]?.[ADDRESS_HEADER]).toBe('127.0.0.1');
	});

	it('is the last stranger that a trusted proxy names, whatever the caller wrote before it', async () => {
		const seen: IncomingHttpHeaders[] = [];
		const ask = await serve('127.0.0.1', seen);
		await ask('/login', { 'x-forwarded-for': `127.0.0.1, 10.0.0.1, ${STRANGER}` });
		expect(seen[0]?.[ADDRESS_HEADER]).toBe(STRANGER);
	});
});

describe('metrics without a token', () => {
	it('are for this machine, not for everyone a proxy on it serves', async () => {
		const ask = await serve('127.0.0.1');
		expect(await ask('/metrics', { 'x-forwarded-for': STRANGER })).toBe(403);
		expect(await ask('/metrics', {})).toBe(200);
	});
});
