// How many recordings one core of the hub takes in with nobody watching, each deflating its messages as browsers do. Against a
// bare socket.io sink that inflates and acknowledges. Higher is better.
import { rounded, type Figure } from './figure.ts';
import { makeIds, playAtSpeed, startRelay } from './relay-clients.ts';
import { readWorkload, type Batch } from './workload.ts';

const RECORDINGS = 60;
const SECONDS = 20;

/** Recordings of the workload's rate that would fill a core. */
async function measure(kind: 'ours' | 'sink', batches: readonly Batch[]): Promise<number> {
	const ids = makeIds(RECORDINGS);
	const relay = await startRelay(kind, ids, { deflates: true });
	try {
		const pages = await Promise.all(ids.map((id) => relay.page(id)));
		const [before, startedAt] = [await relay.stats(), performance.now()];
		await Promise.all(
			pages.map((page, n) => playAtSpeed(page, batches, { delayMs: (n * 1_000) / RECORDINGS }))
		);
		const [after, endedAt] = [await relay.stats(), performance.now()];
		return RECORDINGS / ((after.cpuMs - before.cpuMs) / (endedAt - startedAt));
	} finally {
		relay.stop();
	}
}

export async function run(): Promise<Figure[]> {
	const batches = readWorkload(SECONDS);
	const baseline = await measure('sink', batches);
	const ours = await measure('ours', batches);
	return [
		{
			figure: 'ingest-core',
			unit: 'recordings',
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: 'bare socket.io sink with a deflating socket for each recording',
			ratio: rounded(ours / baseline)
		}
	];
}
