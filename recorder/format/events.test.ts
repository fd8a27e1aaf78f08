import { describe, expect, it } from 'vitest';
import { isInteraction, isMouseMove } from './activity.ts';
import { PageClock } from './align.ts';
import { decodeBatch, encodeBatch, EVENT, SOURCE } from './events.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('decodeBatch', () => {
	it('gives back what was encoded', () => {
		const events = [{ type: 4, timestamp: 12.5, data: { href: 'ü' } }];
		expect(decodeBatch(encodeBatch(events))).toEqual(events);
	});
	it.each([
		'',
		'{}',
		'null',
		'[1]',
		'[null]',
		'[[]]',
		'[{"type":8,"timestamp":1,"data":{}}]',
		'[{"type":1.5,"timestamp":1,"data":{}}]'
	])('refuses %s', (text) => {
		expect(() => decodeBatch(bytes(text))).toThrow(Error);
	});
	it.each([
		'[{"type":2,"timestamp":"1","data":{}}]',
		'[{"type":2,"data":{}}]',
		'[{"type":2,"timestamp":1}]',
		'[{"type":2,"timestamp":1e999,"data":{}}]'
	])('refuses an event without a finite time or without data: %s', (text) => {
		expect(() => decodeBatch(bytes(text))).toThrow(Error);
	});
	it('refuses bytes that are not UTF-8', () => {
		expect(() => decodeBatch(new Uint8Array([0x5b, 0xff, 0x5d]))).toThrow('UTF-8');
	});
	it('carries nothing but type, time and data on', () => {
		expect(decodeBatch(bytes('[{"type":4,"timestamp":1,"data":{},"delay":9,"__proto__":{"x":1}}]'))).toEqual([
			{ type: 4, timestamp: 1, data: {} }
		]);
	});
});

describe('isInteraction', () => {
	const incremental = (data: object) => ({ type: EVENT.incremental, timestamp: 1, data });
	it('counts pointer, key, input and scroll', () => {
		for (const source of [SOURCE.mouseMove, SOURCE.touchMove, SOURCE.drag, SOURCE.scroll])
			expect(isInteraction(incremental({ source }))).toBe(true);
		expect(isInteraction(incremental({ source: SOURCE.mouseInteraction, type: 2 }))).toBe(true);
		expect(isInteraction(incremental({ source: SOURCE.input, userTriggered: true }))).toBe(true);
		expect(isInteraction({ type: EVENT.custom, timestamp: 1, data: { tag: 'key' } })).toBe(true);
	});
	it('does not count what a script can do: mutations, focus, values set by code', () => {
		expect(isInteraction(incremental({ source: SOURCE.mutation }))).toBe(false);
		expect(isInteraction(incremental({ source: SOURCE.mouseInteraction, type: 5 }))).toBe(false);
		expect(isInteraction(incremental({ source: SOURCE.input, userTriggered: false }))).toBe(false);
		expect(isInteraction({ type: EVENT.incremental, timestamp: 1, data: null })).toBe(false);
	});
	it('tells pointer positions from the rest', () => {
		expect(isMouseMove(incremental({ source: SOURCE.mouseMove }))).toBe(true);
		expect(isMouseMove(incremental({ source: SOURCE.scroll }))).toBe(false);
	});
});

describe('PageClock', () => {
	it('adds the offset', () => {
		expect(new PageClock().align(1_000, { offsetMs: 50, receivedAt: 9_999 })).toBe(1_050);
	});
	it('never places an event later than its receipt, whatever the page claims', () => {
		expect(new PageClock().align(8e15, { offsetMs: 0, receivedAt: 2_000 })).toBe(2_000);
		expect(new PageClock().align(1, { offsetMs: Number.NaN, receivedAt: 2_000 })).toBe(2_000);
	});
	it('never runs back on a page', () => {
		const clock = new PageClock();
		clock.align(1_500, { offsetMs: 0, receivedAt: 2_000 });
		expect(clock.align(1_000, { offsetMs: 0, receivedAt: 2_100 })).toBe(1_500);
	});
});
