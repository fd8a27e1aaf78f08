// What a pack tells of an impersonation in words, for its summary and its player.
import type { TimelineEntry } from '#domain/timeline.ts';
import type { Chapter } from '#domain/chapters.ts';

export type PackFacts = {
	agency: string;
	client: string;
	contact: string;
	staff: string;
	mode: string;
	reason: string;
	ticket: string | null;
	/** ms since the epoch. */
	startedAt: number;
	endedAt: number;
	lengthMs: number;
	endSentence: string;
	watchers: { name: string; joinedAt: number; leftAt: number | null }[];
	/** What was done to the recording since: replays, exports, judgements. */
	since: { at: number; title: string; by: string | null }[];
	entries: TimelineEntry[];
	chapters: Chapter[];
	madeAt: number;
	keyFingerprint: string;
	/** Where the agency shows its key and the verifier, without a slash at its end. */
	checkAt: string;
};
