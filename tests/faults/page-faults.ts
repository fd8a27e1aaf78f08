// What goes wrong on the side of the recorded page: reloads, lines that break, tabs that crash, clocks that are set.
// Each resolves with what contradicts the promise, empty where nothing does.
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_MS } from '#protocol/limits.ts';
import { PageClock } from '#recorder/format/align.ts';
import { CUSTOM_TAGS, decodeBatch, EVENT, type StretchMark } from '#recorder/format/events.ts';
import type { FramedBatch } from '#recorder/format/block-frames.ts';
import type { Counting } from './counting-script.ts';
import type { FaultWorld } from './fault-world.ts';
import { LeaseProbe } from './lease-probe.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

declare const window: { counting: Counting } & typeof globalThis;

/** Never the same moment of a batch's life twice. */
export const aWhile = (round: number): Promise<void> => delay(60 + ((round * 97) % 700));

/** What a session came to. */
export const reportOf = async (session: Session, last?: ReadonlyMap<string, number>): Promise<Report> => ({
	faults: await session.settledFaults(last),
	counted: session.promises
});

export async function reloadHard(world: FaultWorld, times: number): Promise<Report> {
	const session = await world.enter();
	const page = await session.openTab();
	for (let round = 0; round < times; round += 1) {
		await aWhile(round);
		await session.reloadHard(page);
	}
	return reportOf(session);
}

export async function cutSockets(world: FaultWorld, times: number): Promise<Report> {
	const session = await world.enter();
	const page = await session.openTab();
	for (let round = 0; round < times; round += 1) {
		await aWhile(round);
		await session.isConnectedAnew(page, () => world.line.cut());
	}
	return reportOf(session);
}

/** A tab dies while what it recorded cannot get away; another tab of the session delivers what was copied. */
export async function crashTab(world: FaultWorld, times: number): Promise<Report> {
	const session = await world.enter();
	const sibling = await session.openTab('/files');
	const copied = new Map<string, number>();
	for (let round = 0; round < times; round += 1) {
		const page = await session.openTab();
		await aWhile(round);
		const pageId = session.tap.pageIdOf(page);
		world.line.hold();
		copied.set(pageId, await page.evaluate(() => window.counting.counted()));
		// Copies are written four times a second; what is younger may go with the tab, and was never acknowledged.
		await delay(2_000);
		const gone = page.waitForEvent('crash');
		const protocol = await session.context.newCDPSession(page);
		protocol.send('Page.crash').catch(() => undefined);
		await gone;
		await page.close();
		world.line.release();
		await session.isHeard(sibling);
	}
	return reportOf(session, copied);
}

const stretchesIn = (batches: readonly FramedBatch[]): string[] =>
	batches.flatMap(({ bytes }) =>
		decodeBatch(bytes).flatMap(({ type, data }) => {
			const { tag, payload } = data as { tag?: string; payload?: StretchMark };
			return type === EVENT.custom && tag === CUSTOM_TAGS.stretch && payload
				? [`${payload.what} ${payload.state}`]
				: [];
		})
	);

export async function stayOffline(world: FaultWorld, ms: number): Promise<Report> {
	const session = await world.enter();
	const page = await session.openTab();
	const probe = ms > 2 * LEASE_MS ? await LeaseProbe.start(world, session, page) : null;
	await probe?.isTaken();
	world.line.isDown = true;
	await session.context.setOffline(true);
	world.line.cut();
	const since = Date.now();
	await delay(ms);
	const late = (await probe?.end(since)) ?? [];
	world.line.isDown = false;
	await session.context.setOffline(false);
	await session.isHeard(page);
	const report = await reportOf(session);
	const said = stretchesIn(await session.read(session.tap.pageIdOf(page)));
	const unsaid = ['offline begins', 'offline ends'].filter((word) => !said.includes(word));
	return { ...report, faults: [...report.faults, ...late, ...unsaid.map((word) => `nothing says: ${word}`)] };
}

/** An event's moment may be told wrongly by this much: batches wait a quarter of a second, and machines are busy. */
const MOMENT_MS = 5_000;

/** Events that a set clock put into another time than the one they came in. */
function misplaced(batches: readonly FramedBatch[]): string[] {
	const clock = new PageClock();
	return batches.flatMap((batch) =>
		decodeBatch(batch.bytes).flatMap(({ timestamp }) => {
			const at = clock.align(timestamp, batch);
			const isEarly = batch.receivedAt - at > MOMENT_MS;
			// What claims to come after its receipt is held to it: that hides a clock, so it is looked at before.
			const isLate = timestamp + batch.offsetMs - batch.receivedAt > MOMENT_MS;
			return isEarly || isLate ? [`batch ${batch.seq}: an event is ${at - batch.receivedAt} ms off`] : [];
		})
	);
}

export async function setClock(world: FaultWorld, skews: readonly number[]): Promise<Report> {
	const session = await world.enter();
	const page = await session.openTab();
	for (const skew of [...skews, 0]) {
		await page.evaluate((ms) => Object.assign(window.counting, { skew: ms }), skew);
		await delay(500);
		// A page that connects anew is known by its new clock only.
		await session.isConnectedAnew(page, () => world.line.cut());
	}
	const report = await reportOf(session);
	const batches = await session.read(session.tap.pageIdOf(page));
	const settings = new Set(
		batches.flatMap(({ bytes, receivedAt }) =>
			decodeBatch(bytes).map(({ timestamp }) => Math.round((timestamp - receivedAt) / 3_600_000))
		)
	);
	const unset = skews.filter((skew) => !settings.has(Math.round(skew / 3_600_000)));
	const marks = unset.map((skew) => `no event was stamped by a clock set by ${skew} ms`);
	return { ...report, faults: [...report.faults, ...misplaced(batches).slice(0, 10), ...marks] };
}
