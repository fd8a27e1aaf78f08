// What counts as one step of a recording: something that happened, other than the pointer's way there.
import { isMouseMove } from '../format/activity.ts';
import { EVENT, isLoose, type RecordedEvent } from '../format/events.ts';

/** Further back somebody jumps rather than steps; a busy page has some thousands in a piece. */
const MAX_KEPT = 5_000;

/** Events so near to one another are one step: a click comes with its focus and what it changed. */
const SAME_MS = 1;

export const isStep = (event: RecordedEvent): boolean =>
	event.type === EVENT.fullSnapshot ||
	(event.type === EVENT.incremental && isLoose(event.data) && !isMouseMove(event));

/** When things happened that a screen has shown, in their order. */
export class Steps {
	private at: number[] = [];

	note(shown: readonly RecordedEvent[]): void {
		for (const event of shown)
			if (isStep(event) && event.timestamp !== this.at.at(-1)) this.at.push(event.timestamp);
		if (this.at.length > MAX_KEPT) this.at = this.at.slice(-MAX_KEPT / 2);
	}

	/** The last step before this moment, itself and what belongs to it left out. */
	before(moment: number): number | null {
		return this.at.findLast((at) => at < moment - SAME_MS) ?? null;
	}
}
