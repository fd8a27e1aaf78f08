// How soon Freeze holds: the worst of 200 from a supervisor's order to the first change that is refused, without and with a live page, and
// to the page being told; against the same row written and read back. And how soon an action stands in a watcher's list
// (`entry-lag-p95`), against the same words through a bare socket.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { isAppError } from '#domain/errors.ts';
import type { SessionState } from '#protocol/session.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { openFrozenWorld, type FrozenWorld } from './frozen-world.ts';

const TRIES = 200;
const ORIGIN = { ip: null, userAgent: null };

const change = ({ composed, inside }: FrozenWorld): Promise<null> =>
	composed.parts.act(inside, { action: 'task.created' }, () => Promise.resolve({ value: null }));

/** Changes one after the other, as fast as they go, until one is refused. */
async function refusedAfter(world: FrozenWorld, startedAt: number): Promise<number> {
	for (;;) {
		try {
			await change(world);
		} catch (error) {
			if (isAppError(error) && error.code === 'frozen') return performance.now() - startedAt;
			throw error;
		}
	}
}

const told = (page: Socket, note: string): Promise<number> =>
	new Promise((resolve) => {
		const heard = ({ frozen }: SessionState): void => {
			if (frozen?.note !== note) return;
			page.off('session:changed', heard);
			resolve(performance.now());
		};
		page.on('session:changed', heard);
	});

type Tried = { refused: number[]; told: number[] };

async function freezeAgain(world: FrozenWorld, page: Socket | null): Promise<Tried> {
	const { impersonation } = world.composed.app;
	const order = { impersonationId: world.inside.impersonationId, origin: ORIGIN };
	const tried: Tried = { refused: [], told: [] };
	for (let n = 0; n < TRIES; n += 1) {
		const note = `Wait ${n}`;
		const startedAt = performance.now();
		const [refused, heard] = [refusedAfter(world, startedAt), page && told(page, note)];
		await impersonation.freeze(world.sofia, { ...order, note });
		tried.refused.push(await refused);
		if (heard) tried.told.push((await heard) - startedAt);
		await impersonation.release(world.sofia, order);
	}
	return tried;
}

/** The same row written and read back, nothing else. */
async function bareOrders({ composed, inside }: FrozenWorld): Promise<number[]> {
	const { db } = composed.parts;
	const times: number[] = [];
	for (let n = 0; n < TRIES; n += 1) {
		const startedAt = performance.now();
		await db.execute(
			sql`UPDATE impersonation SET freeze_note = ${String(n)} WHERE id = ${inside.impersonationId}`
		);
		await db.execute(sql`SELECT freeze_note FROM impersonation WHERE id = ${inside.impersonationId}`);
		times.push(performance.now() - startedAt);
	}
	await db.execute(sql`UPDATE impersonation SET freeze_note = NULL WHERE id = ${inside.impersonationId}`);
	return times;
}

async function entryLags(world: FrozenWorld, watcher: Socket): Promise<number[]> {
	const lags: number[] = [];
	for (let n = 0; n < TRIES; n += 1) {
		const came = new Promise<number>((resolve) =>
			watcher.once('entry:logged', () => resolve(performance.now()))
		);
		await change(world);
		const committedAt = performance.now();
		// An entry may be there before the change is answered.
		lags.push(Math.max(0, (await came) - committedAt));
	}
	return lags;
}

async function bareLags(): Promise<number[]> {
	const http = createServer();
	const relay = new Server(http);
	relay.on('connection', (socket) => socket.on('entry', (entry) => relay.emit('entry', entry)));
	await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
	const { port } = http.address() as AddressInfo;
	const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'] });
	const lags: number[] = [];
	for (let n = 0; n < TRIES; n += 1) {
		const startedAt = performance.now();
		const came = new Promise((resolve) => socket.once('entry', resolve));
		socket.emit('entry', { title: 'Created task', by: 'Maya', n });
		await came;
		lags.push(performance.now() - startedAt);
	}
	socket.disconnect();
	await relay.close();
	return lags;
}

const figure = (name: string, ours: number, baseline: number, baselineName: string): Figure => ({
	figure: name,
	unit: 'ms',
	ours: rounded(ours),
	baseline: rounded(baseline),
	baselineName,
	ratio: rounded(ours / baseline)
});

export async function run(): Promise<Figure[]> {
	const world = await openFrozenWorld();
	const sockets: Socket[] = [];
	try {
		const bare = Math.max(...(await bareOrders(world)));
		const without = await freezeAgain(world, null);
		const page = await world.record();
		sockets.push(page);
		const live = await freezeAgain(world, page);
		const watcher = await world.watch();
		sockets.push(watcher);
		const lag = percentile(await entryLags(world, watcher), 95);
		const rows = `the same row written and read back, worst of ${TRIES}`;
		return [
			figure('freeze-refusal-max', Math.max(...without.refused), bare, rows),
			figure('freeze-refusal-live-max', Math.max(...live.refused), bare, rows),
			figure('freeze-told-max', Math.max(...live.told), bare, rows),
			figure('entry-lag-p95', lag, percentile(await bareLags(), 95), 'bare socket.io, there and back')
		];
	} finally {
		for (const socket of sockets) socket.disconnect();
		await world.close();
	}
}
