// A server of the S3 protocol for a test, in this process, on a free port. It proves the protocol, not authorization: it
// verifies no signature of a stranger, and it ignores conditions.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { S3Settings } from '#server/adapters/s3/s3-blobs.ts';

type S3rver = new (options: Record<string, unknown>) => { run(): Promise<unknown>; httpServer: Server };

export type S3Server = {
	settings: S3Settings;
	/** Answers every question with 503 until told otherwise. */
	refuse(isRefusing: boolean): void;
	stop(): Promise<void>;
};

const BUCKET = 'switchback-test';

/** The key pair that it knows from the start. */
const KNOWN = 'S3RVER';

export async function startS3(): Promise<S3Server> {
	// It has no types, and is not ESM.
	const S3 = createRequire(import.meta.url)('s3rver') as S3rver;
	const directory = mkdtempSync(path.join(tmpdir(), 'switchback-s3-'));
	const configureBuckets = [{ name: BUCKET }];
	const server = new S3({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets });
	await server.run();
	const { port } = server.httpServer.address() as AddressInfo;
	const settings = {
		endpoint: `http://127.0.0.1:${port}`,
		bucket: BUCKET,
		region: 'us-east-1',
		accessKeyId: KNOWN,
		secretAccessKey: KNOWN
	};
	let isRefusing = false;
	const [answer] = server.httpServer.listeners('request') as RequestListener[];
	server.httpServer.removeAllListeners('request');
	server.httpServer.on('request', (request: IncomingMessage, response: ServerResponse) => {
		if (!isRefusing) return answer?.(request, response);
		request.resume();
		response.writeHead(503, { 'content-type': 'application/xml' });
		response.end('<Error><Code>SlowDown</Code><Message>Refused by the test.</Message></Error>');
	});
	const stop = async (): Promise<void> => {
		server.httpServer.closeAllConnections();
		await new Promise((resolve) => server.httpServer.close(resolve));
		rmSync(directory, { recursive: true, force: true });
	};
	return { settings, refuse: (value) => void (isRefusing = value), stop };
}
