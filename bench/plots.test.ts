import { expect, it } from 'vitest';
import { drawPlots } from './plots.ts';

const measured = (figure: string, ours: number, baseline: number) => ({
	figure,
	unit: 'ms',
	ours,
	baseline,
	baselineName: 'x',
	ratio: ours / baseline
});
const widths = (svg: string): number[] =>
	[...svg.matchAll(/<rect[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));

it('draws our figure and its baseline on one scale, and says both', () => {
	const [plot] = drawPlots([measured('storage-10s', 50, 200)]);
	expect(plot!.name).toBe('storage.svg');
	const [ours, theirs] = widths(plot!.svg);
	expect(theirs! / ours!).toBeCloseTo(4, 1);
	expect(plot!.svg).toContain('50 KB');
	expect(plot!.svg).toContain('200 KB');
});

it('draws nothing of what was not measured', () => {
	expect(drawPlots([])).toEqual([]);
	const [plot] = drawPlots([measured('seek-p95-1h', 100, 3_000)]);
	expect(widths(plot!.svg)).toHaveLength(2);
});
