// What the hub costs when many watch: CPU of its process, and the lag of the slowest, for fifty recordings with four watchers
// each, driven from this process. Against a bare socket.io relay of the same batches, without compression on either side.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, rounded, type Figure } from './figure.ts';
import { makeIds, playAtSpeed, startRelay } from './relay-clients.ts';
import { readWorkload, type Batch } from './workload.ts';

const RECORDINGS = 50;
const WATCHERS = 4;
const SECONDS = 20;

/** When a batch was sent, in ms since the first, and how long it took to each watcher. */
type Lag = { atMs: number; ms: number };
type Measured = { cpuPercent: number; p95: number };

/** A tail lies in the seconds in which every page sends its picture at once; one number would not say so. */
function printSeconds(kind: string, lags: readonly Lag[]): void {
	const bySecond = Map.groupBy(lags, ({ atMs }) => Math.floor(atMs / 1_000));
	for (const [second, all] of [...bySecond].toSorted(([a], [b]) => a - b)) {
		const times = all.map(({ ms }) => ms);
		const [p50, p95, most] = [50, 95, 100].map((p) => rounded(percentile(times, p)));
		process.stdout.write(
			`  ${kind} second ${second}: p50 ${p50}, p95 ${p95}, longest ${most} ms of ${all.length}\n`
		);
	}
}

async function measure(kind: 'ours' | 'bare', batches: readonly Batch[]): Promise<Measured> {
	const ids = makeIds(RECORDINGS);
	const relay = await startRelay(kind, ids);
	try {
		const lags: Lag[] = [];
		let startedAt = Number.NaN;
		const pages = await Promise.all(
			ids.map(async (id) => {
				const sentAt: number[] = [];
				const page = await relay.page(id);
				for (let n = 0; n < WATCHERS; n++)
					await relay.watcher(id, (seq) => {
						const at = sentAt[seq] ?? Number.NaN;
						lags.push({ atMs: at - startedAt, ms: performance.now() - at });
					});
				return { page, sentAt };
			})
		);
		const before = await relay.stats();
		startedAt = performance.now();
		await Promise.all(
			pages.map(({ page, sentAt }, n) =>
				playAtSpeed(page, batches, {
					delayMs: (n * 1_000) / RECORDINGS,
					onSend: (seq) => (sentAt[seq] = performance.now())
				})
			)
		);
		const [after, endedAt] = [await relay.stats(), performance.now()];
		await sleep(1_000);
		const sent = RECORDINGS * WATCHERS * batches.length;
		if (lags.length !== sent) throw new Error(`${kind}: ${lags.length} of ${sent} batches arrived`);
		printSeconds(kind, lags);
		return {
			cpuPercent: ((after.cpuMs - before.cpuMs) / (endedAt - startedAt)) * 100,
			p95: percentile(
				lags.map(({ ms }) => ms),
				95
			)
		};
	} finally {
		relay.stop();
	}
}

export async function run(): Promise<Figure[]> {
	const batches = readWorkload(SECONDS);
	const baseline = await measure('bare', batches);
	const ours = await measure('ours', batches);
	const baselineName = `bare socket.io relay, same batches, ${RECORDINGS} recordings × ${WATCHERS} watchers`;
	return [
		{
			figure: 'hub-cpu-delivery',
			unit: '% of a core',
			ours: rounded(ours.cpuPercent),
			baseline: rounded(baseline.cpuPercent),
			baselineName,
			ratio: rounded(ours.cpuPercent / baseline.cpuPercent)
		},
		{
			figure: 'delivery-lag-p95',
			unit: 'ms',
			ours: rounded(ours.p95),
			baseline: rounded(baseline.p95),
			baselineName,
			ratio: rounded(ours.p95 / baseline.p95)
		}
	];
}
