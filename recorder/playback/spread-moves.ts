// rrweb sends pointer moves in bundles of half a second or so; each position gets its own moment, so that replay moves smoothly.
import { EVENT, isLoose, SOURCE, type RecordedEvent } from '../format/events.ts';

/**
 * In the order they are to be shown. Nothing lands before `floor`, nor before the full snapshot it came after: what it
 * moves over would not be there.
 */
export function spreadMoves(events: readonly RecordedEvent[], floor: number): RecordedEvent[] {
	let earliest = floor;
	const single = events.flatMap((event) => {
		if (event.type === EVENT.fullSnapshot) earliest = Math.max(earliest, event.timestamp);
		return positionsOf(event)?.map((position) => moveTo(event, position, earliest)) ?? [event];
	});
	// Stable, so events of one moment keep their order.
	return single.toSorted((a, b) => a.timestamp - b.timestamp);
}

type Position = { timeOffset: number };

function positionsOf({ type, data }: RecordedEvent): Position[] | null {
	const isMove = type === EVENT.incremental && isLoose(data) && data.source === SOURCE.mouseMove;
	return isMove && Array.isArray(data.positions) ? (data.positions as Position[]) : null;
}

const moveTo = (event: RecordedEvent, position: Position, earliest: number): RecordedEvent => ({
	...event,
	timestamp: Math.max(Math.min(earliest, event.timestamp), event.timestamp + position.timeOffset),
	data: { source: SOURCE.mouseMove, positions: [{ ...position, timeOffset: 0 }] }
});
