// What the hub costs when many watch: CPU of its process, and the lag of the slowest, for fifty recordings with four watchers
// each, driven from this process. Against a bare socket.io relay of the same batches, without compression on either side.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, rounded, type Figure } from './figure.ts';
import { makeIds, playAtSpeed, startRelay } from './relay-clients.ts';
import { readWorkload, type Batch } from './workload.ts';

const RECORDINGS = 50;
const WATCHERS = 4;
const SECONDS = 20;

type Measured = { cpuPercent: number; p95: number };

async function measure(kind: 'ours' | 'bare', batches: readonly Batch[]): Promise<Measured> {
	const ids = makeIds(RECORDINGS);
	const relay = await startRelay(kind, ids);
	try {
		const lags: number[] = [];
		const pages = await Promise.all(
			ids.map(async (id) => {
				const sentAt: number[] = [];
				const page = await relay.page(id);
				for (let n = 0; n < WATCHERS; n++)
					await relay.watcher(id, (seq) => lags.push(performance.now() - (sentAt[seq] ?? Number.NaN)));
				return { page, sentAt };
			})
		);
		const [before, startedAt] = [await relay.stats(), performance.now()];
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
		return {
			cpuPercent: ((after.cpuMs - before.cpuMs) / (endedAt - startedAt)) * 100,
			p95: percentile(lags, 95)
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
