// What results/latest.json keeps: a run of one bench replaces that bench's figures and leaves the others as they were.
import type { Figure } from './figure.ts';

/** Figures of one file may be of different runs, so each says when. */
export type DatedFigure = Figure & { measuredAt?: string };

/** `known` as the file has it: each keeps its place, and what was not there before comes last. */
export function mergeFigures(
	known: readonly DatedFigure[],
	fresh: readonly Figure[],
	measuredAt: string
): DatedFigure[] {
	const merged = new Map(known.map((figure) => [figure.figure, figure]));
	for (const figure of fresh) merged.set(figure.figure, { ...figure, measuredAt });
	return [...merged.values()];
}

/** @throws Error when the text is no list of figures: it is not overwritten by guesswork */
export function readFigures(text: string | null): DatedFigure[] {
	if (text === null) return [];
	const found: unknown = JSON.parse(text);
	const isFigure = (one: unknown) => typeof (one as Figure | null)?.figure === 'string';
	if (!Array.isArray(found) || !found.every(isFigure))
		throw new Error('bench/results/latest.json is no list of figures. Delete it, or take it back from git.');
	return found as DatedFigure[];
}
