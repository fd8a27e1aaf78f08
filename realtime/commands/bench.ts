// npm run bench: the benchmarks, a table, bench/results/latest.json with the machine's description beside it, and the plots
// of docs/performance.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { run as runActGate } from '../../bench/act-gate.ts';
import { run as runControl } from '../../bench/control.ts';
import type { Figure } from '../../bench/figure.ts';
import { run as runFirstLoad } from '../../bench/first-load.ts';
import { run as runFreeze } from '../../bench/freeze.ts';
import { run as runHubDelivery } from '../../bench/hub-delivery.ts';
import { run as runHubMemory } from '../../bench/hub-memory.ts';
import { run as runIngest } from '../../bench/ingest.ts';
import { run as runLateJoin } from '../../bench/late-join.ts';
import { run as runList } from '../../bench/list.ts';
import { run as runLiveRelay } from '../../bench/live-relay.ts';
import { run as runLiveScreen } from '../../bench/live-screen.ts';
import { mergeFigures, readFigures } from '../../bench/merge-figures.ts';
import { drawPlots } from '../../bench/plots.ts';
import { run as runRecorderGzip } from '../../bench/recorder-gzip.ts';
import { run as runRecorderPage } from '../../bench/recorder-page.ts';
import { run as runReplayPage } from '../../bench/replay-page.ts';
import { run as runReviewQueue } from '../../bench/review-queue.ts';
import { run as runWall } from '../../bench/wall.ts';
import { run as runSeek } from '../../bench/seek.ts';
import { run as runShadowDocument } from '../../bench/shadow-document.ts';
import { run as runStorage } from '../../bench/storage.ts';
import { run as runWire } from '../../bench/wire.ts';

/** By the name that `npm run bench -- NAME` takes. */
const BENCHES: Record<string, () => Promise<Figure[]>> = {
	'recorder-gzip': runRecorderGzip,
	'shadow-document': runShadowDocument,
	'first-load': runFirstLoad,
	'act-gate': runActGate,
	list: runList,
	'review-queue': runReviewQueue,
	'live-screen': runLiveScreen,
	'live-relay': runLiveRelay,
	control: runControl,
	freeze: runFreeze,
	'hub-delivery': runHubDelivery,
	ingest: runIngest,
	'hub-memory': runHubMemory,
	wire: runWire,
	storage: runStorage,
	'late-join': runLateJoin,
	'recorder-page': runRecorderPage,
	seek: runSeek,
	'replay-page': runReplayPage,
	wall: runWall
};

const RESULTS = new URL('../../bench/results/', import.meta.url);
const PLOTS = new URL('../../docs/plots/', import.meta.url);

const row = (cells: readonly (string | number)[]): string =>
	cells.map((cell, n) => (n === 0 ? String(cell).padEnd(16) : String(cell).padStart(9))).join(' ');

const LATEST = new URL('latest.json', RESULTS);

const readLatest = (): Promise<string | null> =>
	readFile(LATEST, 'utf8').catch((error: unknown) => {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	});

/** `isWhole`: a run of all benches is the file, and what no bench reports any more is gone. */
async function write(fresh: readonly Figure[], isWhole: boolean): Promise<void> {
	const measuredAt = new Date().toISOString();
	await mkdir(RESULTS, { recursive: true });
	const figures = mergeFigures(isWhole ? [] : readFigures(await readLatest()), fresh, measuredAt);
	await writeFile(LATEST, `${JSON.stringify(figures, null, '\t')}\n`);
	await mkdir(PLOTS, { recursive: true });
	for (const { name, svg } of drawPlots(figures)) await writeFile(new URL(name, PLOTS), svg);
	const machine = {
		node: process.version,
		cpu: cpus()[0]?.model ?? 'unknown',
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 1e9),
		measuredAt
	};
	await writeFile(new URL('machine.json', RESULTS), `${JSON.stringify(machine, null, '\t')}\n`);
}

export default async function bench(argv: readonly string[]): Promise<void> {
	const unknown = argv.filter((name) => !(name in BENCHES));
	if (unknown.length > 0) {
		process.stderr.write(`No bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.\n`);
		process.exitCode = 1;
		return;
	}
	const figures: Figure[] = [];
	process.stdout.write(`${row(['figure', 'ours', 'baseline', 'ratio'])}  unit, baseline\n`);
	// One after the other: two at once would measure each other.
	for (const [name, run] of Object.entries(BENCHES)) {
		if (argv.length > 0 && !argv.includes(name)) continue;
		for (const figure of await run()) {
			figures.push(figure);
			const { ours, baseline, ratio, unit, baselineName } = figure;
			process.stdout.write(`${row([figure.figure, ours, baseline, ratio])}  ${unit}, ${baselineName}\n`);
		}
	}
	await write(figures, argv.length === 0);
}
