// When something masked stood on the screen of a recording: what is known of each page, cut to the time in which that page was the
// one on the screen. Pure.
import { MASKED_KINDS, type MaskedKind } from './masking.ts';

/** On one page, whether it was on the screen or not; ms since the epoch. `to` is Infinity for what never went. */
export type PageMask = { pageId: string; kind: MaskedKind; from: number; to: number };
/** On the screen; ms since the recording's start. Of one kind they follow each other, of two they may overlap. */
export type MaskedStretch = { kind: MaskedKind; from: number; to: number };

export type MaskedSource = {
	startedAt: number;
	lengthMs: number;
	/** Which page is on the screen from when on, in the order of time. */
	turns: readonly { pageId: string; from: number }[];
	masks: readonly PageMask[];
};

/** Between two pages there is a moment without a picture; what is masked on both was masked all the while. */
const MIN_JOINED_MS = 1_000;
/** Attack: two tabs that take turns without end. More stretches than this no timeline can show. */
const PLACES = 2_000;

type OnScreen = { pageId: string; from: number; to: number };

/** Before the first page its first picture is shown, so it is on the screen from the beginning. */
function screensOf({ turns, startedAt, lengthMs }: MaskedSource): OnScreen[] {
	const screens: OnScreen[] = [];
	for (const { pageId, from } of turns) {
		const last = screens.at(-1);
		if (last?.pageId === pageId) continue;
		if (last) last.to = from;
		screens.push({ pageId, from: last ? from : startedAt, to: startedAt + lengthMs });
	}
	return screens;
}

function joined(stretches: readonly MaskedStretch[], pauseMs: number): MaskedStretch[] {
	const whole: MaskedStretch[] = [];
	for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
		const last = whole.at(-1);
		if (last && stretch.from - last.to < pauseMs) last.to = Math.max(last.to, stretch.to);
		else whole.push({ ...stretch });
	}
	return whole;
}

/** Stretches in which something masked was on the screen, kind by kind in the order of time. */
export function maskedStretches(source: MaskedSource): MaskedStretch[] {
	const { startedAt, lengthMs } = source;
	const within = (at: number): number => Math.round(Math.min(Math.max(at - startedAt, 0), lengthMs));
	const byPage = Map.groupBy(source.masks, ({ pageId }) => pageId);
	const seen = screensOf(source).flatMap((screen) =>
		(byPage.get(screen.pageId) ?? [])
			.filter(({ from, to }) => from < screen.to && to > screen.from)
			.map(({ kind, from, to }): MaskedStretch => {
				const [begins, ends] = [Math.max(from, screen.from), Math.min(to, screen.to)];
				return { kind, from: within(begins), to: within(ends) };
			})
	);
	const pauseMs = Math.max(MIN_JOINED_MS, lengthMs / PLACES);
	return MASKED_KINDS.flatMap((kind) =>
		joined(
			seen.filter((one) => one.kind === kind && one.to > one.from),
			pauseMs
		)
	);
}

/** What a moment of the timeline says of itself; null where all that was there is shown. */
export function maskedWords(stretches: readonly MaskedStretch[], at: number): string | null {
	const kinds = new Set(stretches.filter(({ from, to }) => from <= at && at < to).map(({ kind }) => kind));
	if (kinds.size === 0) return null;
	if (kinds.size > 1) return 'masked, partly for good';
	return kinds.has('personal') ? 'masked' : 'masked for good';
}
