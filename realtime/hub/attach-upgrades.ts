// Routes 'upgrade' of an HTTP server to the hub, for the hub's path only, so that in development Vite keeps its own.
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { HUB_PATH } from '#protocol/limits.ts';
import type { Hub } from './hub.ts';

export type AttachOptions = {
	/** What happens to upgrades of other paths: `ignore` where somebody else listens too, `destroy` in production. */
	others: 'ignore' | 'destroy';
};

/** True for the hub's path, with or without the slash that socket.io's client adds. */
function isHubPath(url: string | undefined): boolean {
	const path = (url ?? '').split('?', 1)[0];
	return path === HUB_PATH || path === `${HUB_PATH}/`;
}

/** Starts routing and returns a function that stops it. Without a hub in this process none of its sockets is taken. */
export function attachUpgrades(
	server: HttpServer,
	hub: Pick<Hub, 'engine'> | null,
	options: AttachOptions
): () => void {
	const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		if (hub && isHubPath(request.url)) {
			// A connection reset between accept and upgrade would otherwise be an uncaught 'error' and end the process.
			socket.on('error', () => socket.destroy());
			hub.engine.handleUpgrade(request, socket, head);
		} else if (options.others === 'destroy') socket.destroy();
	};
	server.on('upgrade', onUpgrade);
	return () => server.off('upgrade', onUpgrade);
}
