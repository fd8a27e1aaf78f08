// The line between browsers and the product, which a test may cut, take down, hold, or lay to another process: nothing
// else is between them, and neither end knows of it.
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Pair = [Socket, Socket];

export class TcpLine {
	readonly port: number;
	/** Where new connections lead. */
	target = 0;
	/** Refuses whoever comes. */
	isDown = false;
	private isHeld = false;
	private readonly server: Server;
	private readonly pairs = new Set<Pair>();

	private constructor(server: Server) {
		this.server = server;
		this.port = (server.address() as AddressInfo).port;
		server.on('connection', (near) => this.join(near));
	}

	static async open(): Promise<TcpLine> {
		const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
		await once(server, 'listening');
		return new TcpLine(server);
	}

	/** Breaks what is connected; who tries again gets through unless the line is down. */
	cut(): void {
		for (const [near, far] of this.pairs) {
			near.resetAndDestroy();
			far.resetAndDestroy();
		}
		this.pairs.clear();
	}

	/** Nothing moves, and nobody is told. */
	hold(): void {
		this.isHeld = true;
		for (const [near, far] of this.pairs) {
			near.unpipe(far).pause();
			far.unpipe(near).pause();
		}
	}

	release(): void {
		this.isHeld = false;
		for (const pair of this.pairs) flow(pair);
	}

	async close(): Promise<void> {
		this.isDown = true;
		this.cut();
		this.server.close();
		await once(this.server, 'close');
	}

	private join(near: Socket): void {
		if (this.isDown) return void near.resetAndDestroy();
		const far = createConnection(this.target, '127.0.0.1');
		const pair: Pair = [near, far];
		this.pairs.add(pair);
		const end = (): void => {
			this.pairs.delete(pair);
			near.destroy();
			far.destroy();
		};
		for (const socket of pair) socket.on('error', end).on('close', end);
		if (!this.isHeld) flow(pair);
	}
}

function flow([near, far]: Pair): void {
	near.pipe(far);
	far.pipe(near);
}
