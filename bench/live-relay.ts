// The hub's share of the live lag: a batch sent by a page → received by a watcher, pages and watchers in this process (so one clock measures both ends),
// the relay in another. Our hub against a bare socket.io relay of the same batches at real speed.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, rounded, type Figure } from './figure.ts';
import { makeIds, playAtSpeed, startRelay, type Relay } from './relay-clients.ts';
import { readWorkload, type Batch } from './workload.ts';

const RECORDINGS = 10;
const SECONDS = 20;

/** Lags of all batches through one relay, in ms. */
async function measure(kind: 'ours' | 'bare', batches: readonly Batch[]): Promise<number[]> {
	const ids = makeIds(RECORDINGS);
	const relay = await startRelay(kind, ids);
	try {
		const lags: number[] = [];
		await Promise.all(
			ids.map((id, n) => drive(relay, { id, delayMs: (n * 1_000) / RECORDINGS, batches, lags }))
		);
		await sleep(1_000);
		// A relay that lost batches would look fast: then there is no figure.
		const sent = RECORDINGS * batches.length;
		if (lags.length !== sent) throw new Error(`${kind}: ${lags.length} of ${sent} batches arrived`);
		return lags;
	} finally {
		relay.stop();
	}
}

type Drive = { id: string; delayMs: number; batches: readonly Batch[]; lags: number[] };

async function drive(relay: Relay, { id, delayMs, batches, lags }: Drive): Promise<void> {
	const sentAt: number[] = [];
	const page = await relay.page(id);
	await relay.watcher(id, (seq) => lags.push(performance.now() - (sentAt[seq] ?? Number.NaN)));
	await playAtSpeed(page, batches, { delayMs, onSend: (seq) => (sentAt[seq] = performance.now()) });
}

/** Measures both in one run: 10 recordings with one watcher each, 20 s of the workload at real speed. */
export async function run(): Promise<Figure[]> {
	const batches = readWorkload(SECONDS);
	const baselineLags = await measure('bare', batches);
	const ourLags = await measure('ours', batches);
	return (['relay-lag-p50', 'relay-lag-p95'] as const).map((figure) => {
		const share = figure === 'relay-lag-p50' ? 50 : 95;
		const [ours, baseline] = [percentile(ourLags, share), percentile(baselineLags, share)];
		return {
			figure,
			unit: 'ms',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: `bare socket.io relay, same batches, ${RECORDINGS} recordings × 1 watcher`,
			ratio: rounded(ours / baseline)
		};
	});
}
