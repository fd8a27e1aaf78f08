import { describe, expect, it } from 'vitest';
import { encodeBatch, EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { Film } from './film.ts';
import type { ReceivedBatch } from './page-reader.ts';

const meta = (timestamp: number): RecordedEvent => ({
	type: EVENT.meta,
	timestamp,
	data: { href: 'x', width: 8, height: 6 }
});
const snapshot = (timestamp: number): RecordedEvent => ({
	type: EVENT.fullSnapshot,
	timestamp,
	data: { node: { type: 0, id: 1, childNodes: [] } }
});
const scroll = (timestamp: number): RecordedEvent => ({
	type: EVENT.incremental,
	timestamp,
	data: { source: SOURCE.scroll, id: 1, x: 0, y: timestamp }
});
const batches = (pageId: string, ...all: RecordedEvent[][]): ReceivedBatch[] =>
	all.map((events, seq) => ({
		header: { pageId, seq, offsetMs: 0, receivedAt: 1e9 },
		bytes: encodeBatch(events)
	}));
const times = (events: RecordedEvent[]): number[] => events.map(({ timestamp }) => timestamp);

describe('Film', () => {
	it('starts from the last snapshot not after the moment, with its Meta', () => {
		const film = new Film({ startAt: 0, endAt: 100 });
		film.addPage(
			'a',
			batches('a', [meta(10), snapshot(11), scroll(12)], [scroll(20), meta(30)], [snapshot(31), scroll(32)])
		);
		expect(times(film.eventsFrom('a', 25))).toEqual([10, 11, 12, 20, 30, 31, 32]);
		expect(times(film.eventsFrom('a', 31))).toEqual([30, 31, 32]);
		expect(times(film.eventsFrom('a', 0))).toEqual([10, 11, 12, 20, 30, 31, 32]);
	});
	it('brings batches into their order, whatever order they come in', () => {
		const film = new Film({ startAt: 0, endAt: 100 });
		film.addPage('a', batches('a', [meta(1), snapshot(2)], [scroll(3)], [scroll(4)]).toReversed());
		expect(times(film.eventsFrom('a', 2))).toEqual([1, 2, 3, 4]);
	});
	it('gives each pointer position its own moment', () => {
		const film = new Film({ startAt: 0, endAt: 100 });
		const positions = [-80, -40, 0].map((timeOffset) => ({ x: 1, y: 1, id: 1, timeOffset }));
		const moves = { type: EVENT.incremental, timestamp: 200, data: { source: SOURCE.mouseMove, positions } };
		film.addPage('a', batches('a', [snapshot(1), scroll(150), moves]));
		expect(times(film.eventsFrom('a', 1))).toEqual([1, 120, 150, 160, 200]);
	});
	it('shows the page last acted on, and the first one before all', () => {
		const film = new Film({ startAt: 0, endAt: 100 });
		film.addPage('a', batches('a', [snapshot(10), scroll(40)]));
		film.addPage('b', batches('b', [snapshot(20)]));
		expect([0, 15, 25, 45].map((at) => film.pageAt(at))).toEqual(['a', 'a', 'b', 'a']);
	});
	it('knows the next time somebody acts or a page begins', () => {
		const film = new Film({ startAt: 0, endAt: 100 });
		film.addPage('a', batches('a', [snapshot(10), scroll(40)]));
		expect([0, 10, 39, 40].map((at) => film.nextActivity(at))).toEqual([10, 40, 40, null]);
	});
	it('lasts as long as planned, or as its last event', () => {
		const film = new Film({ startAt: 0, endAt: 50 });
		film.addPage('a', batches('a', [snapshot(10)]));
		expect(film.endAt).toBe(50);
		film.addPage('b', batches('b', [snapshot(70)]));
		expect(film.endAt).toBe(70);
	});
	it('counts what is damaged and keeps the rest', () => {
		const film = new Film({ startAt: 0, endAt: 50 });
		const [good, bad] = batches('a', [snapshot(10)], [scroll(20)]);
		expect(film.addPage('a', [good!, { ...bad!, bytes: new Uint8Array([123]) }])).toEqual({ damaged: 1 });
		expect(times(film.eventsFrom('a', 10))).toEqual([10]);
	});
});
