// What goes wrong on the side of the product and of what it stands on: the process killed, its disk full, its database,
// its Redis or its store gone for a while. Each resolves with what contradicts the promise, empty where nothing does.
import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_MS } from '#protocol/limits.ts';
import { query } from '#support/inside-demo.ts';
import { until } from '#support/recorder-hub.ts';
import type { FaultWorld } from './fault-world.ts';
import { LeaseProbe } from './lease-probe.ts';
import { aWhile, reportOf } from './page-faults.ts';
import type { Report } from './report.ts';

/** A session lasts half an hour at most, and ten minutes without a hand on it. */
const KILLS_A_SESSION = 20;

/** Kills the process again and again while a page is recorded; after each start all that was promised must be there. */
export async function killProcess(world: FaultWorld, times: number): Promise<Report> {
	const total: Report = { faults: [], counted: 0 };
	for (let done = 0; done < times; done += KILLS_A_SESSION) {
		const session = await world.enter();
		const page = await session.openTab();
		for (let round = done; round < Math.min(times, done + KILLS_A_SESSION); round += 1) {
			await aWhile(round);
			await page.mouse.move(100 + (round % 50), 200);
			await world.demo.end('SIGKILL');
			await world.demo.start();
			await session.isHeard(page);
			total.faults.push(...(await session.faults()).map((fault) => `after kill ${round + 1}: ${fault}`));
		}
		const { faults, counted } = await reportOf(session);
		total.faults.push(...faults);
		total.counted += counted;
		await world.leave();
	}
	return total;
}

type Outage = {
	ms: number;
	begin(): void | Promise<void>;
	end(): void | Promise<void>;
	/** Nothing can be recorded meanwhile, so that nothing may be changed once the lease is over. */
	isSilent: boolean;
};

/** Something the product stands on is gone for a while. */
async function outage(world: FaultWorld, { ms, begin, end, isSilent }: Outage): Promise<Report> {
	const session = await world.enter();
	const page = await session.openTab();
	const probe = isSilent && ms > 2 * LEASE_MS ? await LeaseProbe.start(world, session, page) : null;
	await probe?.isTaken();
	await begin();
	const since = Date.now();
	// What was under way may still be answered.
	await delay(Math.min(1_000, ms / 2));
	const trace = session.traceOf(page);
	const { replies } = trace;
	await delay(ms - (Date.now() - since));
	if (isSilent && trace.replies > replies) throw new Error('The fault was not felt: batches were taken.');
	const late = (await probe?.end(since)) ?? [];
	await end();
	await session.isHeard(page);
	const report = await reportOf(session);
	return { ...report, faults: [...report.faults, ...late] };
}

/** A file may not grow past this: what a full disk answers, for one process and until it is taken back. */
const FULL_BYTES = 512;

function limitFiles(pid: number, bytes: number | 'unlimited'): void {
	const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], {
		encoding: 'utf8'
	});
	if (status !== 0) throw new Error(`prlimit (of util-linux) failed: ${stderr}`);
}

export const fillDisk = (world: FaultWorld, ms: number): Promise<Report> =>
	outage(world, {
		ms,
		begin: () => limitFiles(world.demo.pid, FULL_BYTES),
		end: () => limitFiles(world.demo.pid, 'unlimited'),
		isSilent: true
	});

type Mortal = { kill(): Promise<void>; resume(): Promise<void> };

export const loseRedis = (world: FaultWorld, redis: Mortal, ms: number): Promise<Report> =>
	outage(world, { ms, begin: () => redis.kill(), end: () => redis.resume(), isSilent: true });

/** Without its database nothing can be changed at all: who may is asked there. */
export const losePostgres = (world: FaultWorld, postgres: Mortal, ms: number): Promise<Report> =>
	outage(world, { ms, begin: () => postgres.kill(), end: () => postgres.resume(), isSilent: false });

/** Retries of a sealing wait longer each time; the sweep of what is left comes each minute. */
const SEALED_WITHIN_MS = 150_000;

const sealedOf = async (world: FaultWorld, pageId: string): Promise<number> => {
	const [row] = await query(world.demo, `SELECT sealed_seq FROM page WHERE id = '${pageId}'`);
	return Number(row?.[0]);
};

/** A page is closed, and so sealed at once, while the store refuses: its blocks wait until the store takes them again. */
export async function loseStore(
	world: FaultWorld,
	store: { refuse(isRefusing: boolean): void },
	ms: number
): Promise<Report> {
	const session = await world.enter();
	await session.openTab();
	const closed = await session.openTab('/files');
	const pageId = session.tap.pageIdOf(closed);
	store.refuse(true);
	await closed.close();
	await delay(ms);
	if ((await sealedOf(world, pageId)) >= 0) throw new Error('The fault was not felt: batches were sealed.');
	store.refuse(false);
	const { acknowledged } = session.tap.pages.get(pageId)!;
	const isSealed = async (): Promise<boolean> => (await sealedOf(world, pageId)) >= acknowledged;
	await until('what was closed is sealed', isSealed, SEALED_WITHIN_MS);
	return reportOf(session);
}

/** Two processes serve one session, a tab each; again and again one of them dies and its tab goes on with the other. */
export async function loseHub(world: FaultWorld, times: number): Promise<Report> {
	const second = await world.createSecond();
	try {
		await second.start();
		const session = await world.enter();
		const tab = await session.openTab('/files');
		const faults: string[] = [];
		for (let round = 0; round < times; round += 1) {
			world.line.target = second.port;
			const other = await session.openTab();
			world.line.target = world.demo.port;
			await aWhile(round);
			await second.end('SIGKILL');
			await session.isHeard(other);
			await session.isHeard(tab);
			faults.push(...(await session.faults()).map((fault) => `after death ${round + 1}: ${fault}`));
			await other.close();
			if (round + 1 < times) await second.start();
		}
		const report = await reportOf(session);
		return { ...report, faults: [...faults, ...report.faults] };
	} finally {
		world.line.target = world.demo.port;
		await second.remove();
	}
}
