import { describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type RecordedEvent } from '../format/events.ts';
import { isStep, Steps } from './steps.ts';

const event = (timestamp: number, source: number): RecordedEvent =>
	({ type: EVENT.incremental, timestamp, data: { source } }) as RecordedEvent;

describe('steps of a recording', () => {
	it.each([
		[SOURCE.mutation, true],
		[SOURCE.input, true],
		[SOURCE.mouseInteraction, true],
		[SOURCE.mouseMove, false],
		[SOURCE.touchMove, false],
		[SOURCE.drag, false]
	])('of the source %i: %s', (source, isOne) => expect(isStep(event(1, source))).toBe(isOne));

	it('are pictures, and nothing without data', () => {
		expect(isStep({ type: EVENT.fullSnapshot, timestamp: 1, data: {} } as RecordedEvent)).toBe(true);
		expect(isStep({ type: EVENT.incremental, timestamp: 1, data: null } as unknown as RecordedEvent)).toBe(
			false
		);
		expect(isStep({ type: EVENT.load, timestamp: 1, data: {} } as RecordedEvent)).toBe(false);
	});

	it('go back to the last one, over those of the same moment', () => {
		const steps = new Steps();
		steps.note([event(10, SOURCE.mutation), event(12, SOURCE.mouseMove), event(20, SOURCE.input)]);
		steps.note([event(20.5, SOURCE.mutation), event(30, SOURCE.scroll)]);
		expect(steps.before(30)).toBe(20.5);
		expect(steps.before(21)).toBe(10);
		expect(steps.before(10)).toBeNull();
	});

	it('do not pile up', () => {
		const steps = new Steps();
		for (let at = 0; at < 20_000; at += 10) steps.note([event(at, SOURCE.mutation)]);
		expect(steps.before(19_990)).toBe(19_980);
	});
});
