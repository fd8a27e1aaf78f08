// The plots of docs/performance.md, drawn from what was measured last: our figure above its baseline, as bars on one scale.
import { scaleLinear } from 'd3-scale';
import type { Figure } from './figure.ts';

type Row = { figure: string; label: string; baseline: string };
type Plot = { name: string; title: string; unit: string; rows: readonly Row[] };

const PLOTS: readonly Plot[] = [
	{
		name: 'lag.svg',
		title: 'From a change to whoever watches',
		unit: 'ms',
		rows: [
			{ figure: 'live-lag-p50', label: 'browser to browser, median', baseline: 'bare socket.io relay' },
			{ figure: 'live-lag-p95', label: 'browser to browser, p95', baseline: 'bare socket.io relay' },
			{ figure: 'relay-lag-p95', label: 'the hub’s share, p95', baseline: 'bare socket.io relay' },
			{
				figure: 'delivery-lag-p95',
				label: '50 recordings × 4 watchers, p95',
				baseline: 'bare socket.io relay'
			}
		]
	},
	{
		name: 'seek.svg',
		title: 'From a press on the timeline to the picture',
		unit: 'ms',
		rows: [
			{
				figure: 'seek-p50-1h',
				label: 'one hour, blocks of 10 s, median',
				baseline: 'a Replayer holding the whole hour'
			},
			{
				figure: 'seek-p95-1h',
				label: 'one hour, blocks of 10 s, p95',
				baseline: 'a Replayer holding the whole hour'
			},
			{ figure: 'seek-p95-8h', label: 'eight hours, blocks of 10 s, p95', baseline: 'the same in one hour' },
			{
				figure: 'seek-p95-1h-60s',
				label: 'one hour, blocks of 60 s, p95',
				baseline: 'a Replayer holding the whole hour'
			},
			{
				figure: 'seek-p95-8h-60s',
				label: 'eight hours, blocks of 60 s, p95',
				baseline: 'the same in one hour'
			}
		]
	},
	{
		name: 'storage.svg',
		title: 'A minute of the workload on disk',
		unit: 'KB',
		rows: [
			{
				figure: 'storage-10s',
				label: 'sealed, a checkpoint each 10 s',
				baseline: 'gzipped JSON, checkouts each 10 s'
			},
			{
				figure: 'storage-60s',
				label: 'compacted after a week, each 60 s',
				baseline: 'gzipped JSON, checkouts each 10 s'
			}
		]
	}
];

const WIDTH = 760;
const LEFT = 250;
const RIGHT = 90;
const TOP = 46;
const ROW = 62;
const BAR = 17;

/** Readable on both: the file is an image of its own and sees the reader's scheme, not the page's. */
const STYLE = `text{font:13px system-ui,sans-serif;fill:#1c2430}.t{font-weight:600;font-size:15px}.s{fill:#5d6b7e;font-size:12px}
.o{fill:#b45309}.b{fill:#9aa7b8}.g{stroke:#d9dfe7}@media(prefers-color-scheme:dark){text{fill:#e8ecf2}.s{fill:#a3b0c2}.o{fill:#f0a64b}
.b{fill:#5f6d80}.g{stroke:#36404e}}`;

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Null where nothing of it was measured yet. */
function draw({ title, unit, rows }: Plot, measured: ReadonlyMap<string, Figure>): string | null {
	const shown = rows.flatMap((row) => {
		const figure = measured.get(row.figure);
		return figure ? [{ ...row, ours: figure.ours, theirs: figure.baseline }] : [];
	});
	if (shown.length === 0) return null;
	const most = Math.max(...shown.flatMap(({ ours, theirs }) => [ours, theirs]));
	const x = scaleLinear([0, most], [LEFT, WIDTH - RIGHT]);
	const bottom = TOP + shown.length * ROW;
	const grid = x.ticks(5).map((tick) => {
		const at = Math.round(x(tick)) + 0.5;
		return `<line class="g" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${bottom}"/><text class="s" x="${at}" y="${bottom + 16}" text-anchor="middle">${tick}</text>`;
	});
	const bar = (kind: 'o' | 'b', y: number, value: number, words: string) =>
		`<rect class="${kind}" x="${LEFT}" y="${y}" width="${Math.max(2, x(value) - LEFT).toFixed(1)}" height="${BAR}" rx="2"/>` +
		`<text x="${(x(value) + 6).toFixed(1)}" y="${y + 13}">${value} ${unit}</text>` +
		`<text class="${kind === 'o' ? '' : 's'}" x="${LEFT - 10}" y="${y + 13}" text-anchor="end">${escaped(words)}</text>`;
	const bars = shown.map(({ label, baseline, ours, theirs }, n) => {
		const y = TOP + n * ROW + 6;
		return bar('o', y, ours, label) + bar('b', y + BAR + 3, theirs, baseline);
	});
	const told = shown.map(
		({ label, baseline, ours, theirs }) => `${label}: ${ours} ${unit}, ${baseline} ${theirs} ${unit}`
	);
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" role="img" aria-label="${escaped(`${title}. ${told.join('; ')}.`)}">
<style>${STYLE}</style><text class="t" x="12" y="22">${escaped(title)}</text>
${[...grid, ...bars].join('\n')}
</svg>
`;
}

/** One picture for each plot of which something was measured. */
export function drawPlots(figures: readonly Figure[]): { name: string; svg: string }[] {
	const measured = new Map(figures.map((figure) => [figure.figure, figure]));
	return PLOTS.flatMap((plot) => {
		const svg = draw(plot, measured);
		return svg === null ? [] : [{ name: plot.name, svg }];
	});
}
