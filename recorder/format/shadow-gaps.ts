// Which ids a shadow document misses, and which of them a snapshot of the page would bring. What makeSafe leaves out (the
// inside of frames, players, templates) stays unknown for ever: asking for a snapshot each time would only cost the page.
import { isNodeId } from './shadow-node.ts';

/** More missing ids than this are not remembered one by one. */
const MAX_REMEMBERED = 10_000;

export class ShadowGaps {
	/** Something was named that should be there: a snapshot is wanted. */
	isUnsure = false;
	/** Ids up to this existed when the last snapshot was made; one that is not in it was left out of it. */
	private highest = 0;
	private readonly missed = new Set<number>();
	private readonly leftOut = new Set<number>();

	/** An event named a node that is not there. */
	miss(id: unknown): void {
		if (!isNodeId(id) || this.isLeftOut(id)) return;
		this.isUnsure = true;
		if (this.missed.size < MAX_REMEMBERED) this.missed.add(id);
	}

	/** A node is left out on purpose, so that events about it are no gap. */
	leaveOut(id: unknown): void {
		if (isNodeId(id) && this.leftOut.size < MAX_REMEMBERED) this.leftOut.add(id);
	}

	isLeftOut(id: unknown): boolean {
		return typeof id === 'number' && (id <= this.highest || this.leftOut.has(id));
	}

	/** A full snapshot came: what was missed before and is not in it will never come. */
	heal({ highest, has }: { highest: number; has(id: number): boolean }): void {
		this.isUnsure = false;
		this.highest = highest;
		for (const id of this.missed) if (!has(id)) this.leaveOut(id);
		this.missed.clear();
	}
}
