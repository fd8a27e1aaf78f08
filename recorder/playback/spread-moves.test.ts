import { expect, it } from 'vitest';
import { EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { spreadMoves } from './spread-moves.ts';

const moves = (timestamp: number, ...offsets: number[]): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: {
		source: SOURCE.mouseMove,
		positions: offsets.map((timeOffset) => ({ x: 1, y: 1, id: 1, timeOffset }))
	}
});
const scroll = (timestamp: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.scroll, id: 1, x: 0, y: 0 }
});
const snapshot = (timestamp: number): RecordedEvent => ({ type: EVENT.fullSnapshot, timestamp, data: {} });
const times = (events: readonly RecordedEvent[], floor = 0) =>
	spreadMoves(events, floor).map(({ timestamp }) => timestamp);

it('gives each pointer position its own moment, among all else that happened', () => {
	expect(times([scroll(150), moves(200, -80, -40, 0)])).toEqual([120, 150, 160, 200]);
});

it('moves nothing over a page before it is there, nor before what was shown', () => {
	expect(times([snapshot(150), moves(200, -80, -40)])).toEqual([150, 150, 160]);
	expect(times([moves(200, -80, -10)], 180)).toEqual([180, 190]);
});

it('leaves an event behind the floor where it is', () => {
	expect(times([moves(200, -80, 0)], 500)).toEqual([200, 200]);
});
