import { describe, expect, it } from 'vitest';
import {
	clockText,
	currentIndex,
	endSentence,
	entryLabel,
	pageTitle,
	spokenClock,
	timelineEntries,
	viewTitle,
	type LoggedAction,
	type TimelineSource
} from './timeline.ts';

const START = 1_700_000_000_000;
const source = (over: Partial<TimelineSource> = {}): TimelineSource => ({
	startedAt: START,
	lengthMs: 190_000,
	actions: [],
	views: [],
	pages: [],
	gaps: [],
	faults: [],
	...over
});
const action = (over: Partial<LoggedAction> = {}): LoggedAction => ({
	seq: '7',
	at: START + 42_300,
	action: 'task.created',
	outcome: 'done',
	subject: 'Logo draft',
	note: null,
	by: 'Maya',
	pageId: null,
	...over
});
const view = {
	id: 'v',
	kind: 'page',
	address: '/tasks',
	label: null,
	status: 200,
	by: 'Maya',
	pageId: 'p'
} as const;

describe('timelineEntries', () => {
	it('puts views, actions, pages and gaps on one clock, oldest first', () => {
		const entries = timelineEntries(
			source({
				actions: [action(), action({ seq: '8', at: START + 90_000, action: 'watch.joined', subject: null })],
				views: [{ ...view, at: START + 10_000 }],
				pages: [{ pageId: 'p', openedAt: START + 10_000, address: '/tasks', title: 'Tasks' }],
				gaps: [{ cause: 'missing', from: START + 60_000, to: START + 75_000, pageId: 'p', note: 'Lost.' }]
			})
		);
		expect(entries.map(({ kind, at }) => [kind, at])).toEqual([
			['page', 10_000],
			['view', 10_000],
			['action', 42_300],
			['gap', 60_000],
			['watch', 90_000]
		]);
		expect(entries[3]).toMatchObject({ until: 75_000, subject: 'for 15 s' });
	});

	it('tells what was said as what was said, whoever of the two wrote it', () => {
		const wrote = (seq: string, name: string) =>
			action({ seq, action: name, subject: null, note: 'Look below.' });
		const entries = timelineEntries(
			source({ actions: [wrote('8', 'watch.wrote'), wrote('9', 'impersonation.wrote')] })
		);
		expect(entries.map(({ kind, note }) => [kind, note])).toEqual([
			['chat', 'Look below.'],
			['chat', 'Look below.']
		]);
	});

	it('draws an open two-person zone until it closed, and the last one until the end', () => {
		const turn = (seq: string, after: number, to: string) =>
			action({ seq, at: START + after, action: `impersonation.zone_${to}`, subject: 'Invoices' });
		const actions = [turn('1', 1_000, 'unlocked'), turn('2', 9_000, 'locked'), turn('3', 20_000, 'unlocked')];
		const entries = timelineEntries(source({ actions }));
		expect(entries.map(({ kind, until }) => [kind, until])).toEqual([
			['steer', 9_000],
			['steer', null],
			['steer', 190_000]
		]);
	});

	it('labels an action with its moment, title and subject', () => {
		const [entry] = timelineEntries(source({ actions: [action()] }));
		expect(entryLabel(entry!)).toBe('00:42 Created task Logo draft');
	});

	it('marks a refused action and a refused view as refusals', () => {
		const entries = timelineEntries(
			source({
				actions: [action({ outcome: 'refused', note: 'You are viewing only.' })],
				views: [{ ...view, at: START + 50_000, status: 404 }]
			})
		);
		expect(entries.map((entry) => [entry.kind, entry.title])).toEqual([
			['refusal', 'Tried: created task'],
			['refusal', 'Tried: opened page']
		]);
	});

	it('moves what lies outside of the recording to its nearer end', () => {
		const entries = timelineEntries(
			source({
				actions: [
					action({ at: START - 3_000, action: 'impersonation.started', subject: null }),
					action({
						seq: '9',
						at: START + 999_000,
						action: 'impersonation.ended',
						subject: null,
						note: 'idle'
					})
				]
			})
		);
		expect(entries.map(({ at }) => at)).toEqual([0, 190_000]);
		expect(entries[1]?.note).toBe('Nothing happened for a while.');
	});

	it('shows text that looks like an inherited name as it is', () => {
		const [entry] = timelineEntries(
			source({ actions: [action({ action: 'constructor', note: 'toString' })] })
		);
		expect(entry?.note).toBe('toString');
	});
});

describe('clocks', () => {
	it.each([
		[0, '00:00', '0:00'],
		[42_999, '00:42', '0:42'],
		[3_723_000, '1:02:03', '1:02:03'],
		[-5, '00:00', '0:00'],
		[750_000, '12:30', '12:30']
	])('writes %i ms as %s', (ms, text, spoken) => {
		expect([clockText(ms), spokenClock(ms)]).toEqual([text, spoken]);
	});
});

describe('currentIndex', () => {
	const entries = timelineEntries(
		source({
			actions: [action({ at: START + 1_000 }), action({ at: START + 1_000 }), action({ at: START + 5_000 })]
		})
	);
	it.each([
		[999, -1],
		[1_000, 1],
		[4_999, 1],
		[90_000, 2]
	])('at %i ms lights row %i', (at, index) => {
		expect(currentIndex(entries, at)).toBe(index);
	});
	it('lights nothing in an empty list', () => {
		expect(currentIndex([], 5)).toBe(-1);
	});
});

describe('viewTitle', () => {
	it('says what was opened', () => {
		expect([viewTitle('file', 200), viewTitle('data', 403)]).toEqual(['Opened file', 'Tried: opened page']);
	});
});

describe('pageTitle', () => {
	it.each([
		['◉ Bea Morgan · New task · Northwind Studio', 'New task'],
		['Files · Northwind Studio', 'Files'],
		['◉ Bea', '◉ Bea'],
		['', '']
	])('of %s is %s', (title, name) => {
		expect(pageTitle(title)).toBe(name);
	});
});

describe('endSentence', () => {
	it.each([
		['switch_back', 'The staff member switched back.'],
		['supervisor', 'A supervisor ended it.'],
		['toString', 'It is over.'],
		['', 'It is over.']
	])('of %s is %s', (reason, sentence) => {
		expect(endSentence(reason)).toBe(sentence);
	});
});
