// A socket to a hub of the whole product, as a page or a watcher opens it.
import { io, type Socket } from 'socket.io-client';
import { PROTOCOL_VERSION } from '#protocol/limits.ts';

type Opening = {
	port: number;
	namespace: '/record' | '/watch';
	origin: string;
	cookie: string;
	auth?: object;
};

/** Open when it resolves; the caller closes it. */
export async function openSocket({ port, namespace, origin, cookie, auth }: Opening): Promise<Socket> {
	const socket = io(`http://127.0.0.1:${port}${namespace}`, {
		path: '/hub',
		transports: ['websocket'],
		multiplex: false,
		reconnection: false,
		auth: { version: PROTOCOL_VERSION, ...auth },
		extraHeaders: { origin, host: new URL(origin).host, cookie }
	});
	await new Promise<void>((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('connect_error', reject);
	});
	return socket;
}

/** A page's socket, which says that the page lives whenever it is asked. */
export async function openRecorder(
	opening: Omit<Opening, 'namespace' | 'auth'> & { ticket: string }
): Promise<Socket> {
	const { ticket, ...rest } = opening;
	const socket = await openSocket({ ...rest, namespace: '/record', auth: { ticket } });
	socket.on('beat:ask', (answer: (beat: object) => void) => answer({ wall: Date.now() }));
	return socket;
}
