// What of a long recording is drawn on its timeline: no more than there are places for the eye. The list has all of it.
import type { Chapter } from '#domain/chapters.ts';
import type { MaskedStretch } from '#domain/masked-stretches.ts';

/** Places along the widest timeline at which a mark can be told from the one beside it. */
const PLACES = 480;
/** A page shorter than this share of the recording is a line without room for a letter. */
const CHAPTER_PLACES = 240;

type Timed = { kind: string; at: number };

/** The first mark of each kind at each place. Marks are in the order of their moments. */
export function drawnMarks<T extends Timed>(marks: readonly T[], lengthMs: number): T[] {
	const taken = new Set<string>();
	return marks.filter(({ kind, at }) => {
		const place = `${kind} ${Math.floor((at / Math.max(1, lengthMs)) * PLACES)}`;
		if (taken.has(place)) return false;
		taken.add(place);
		return true;
	});
}

/** Chapters that are long enough to be seen; a short one belongs to the one before it. */
export function drawnChapters(chapters: readonly Chapter[], lengthMs: number): Chapter[] {
	const least = lengthMs / CHAPTER_PLACES;
	const drawn: Chapter[] = [];
	for (const chapter of chapters) {
		const last = drawn.at(-1);
		if (last && chapter.from - last.from < least) last.to = Math.max(last.to, chapter.to);
		else drawn.push({ ...chapter });
	}
	return drawn;
}

/** `unmasked`: personal data that shows to this reader now; where it was masked for everybody else is told all the same. */
export type DrawnMask = { look: MaskedStretch['kind'] | 'unmasked'; from: number; to: number };

/** Stretches in which something was masked, none too short to be seen. */
export function drawnMasks(
	stretches: readonly MaskedStretch[],
	{ lengthMs, isUnmasked }: { lengthMs: number; isUnmasked: boolean }
): DrawnMask[] {
	const least = lengthMs / PLACES;
	return stretches.map(({ kind, from, to }) => ({
		look: isUnmasked && kind === 'personal' ? 'unmasked' : kind,
		from: Math.max(0, Math.min(from, lengthMs - least)),
		to: Math.min(lengthMs, Math.max(to, from + least))
	}));
}
