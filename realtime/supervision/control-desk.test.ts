import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import type { WatchRole } from '#domain/watch-role.ts';
import type { ControlAnswer, ControlDeed, ControlOrder, ControlState } from '#protocol/control.ts';
import type { MarkedOrder } from '#server/usecases/supervision/mark-order.ts';
import type { OrderStretch } from '#server/usecases/supervision/note-orders.ts';
import { ControlDesk, type Steering } from './control-desk.ts';

const AGENCY = 'agency' as AgencyId;
const KEY: ControlDeed = { kind: 'key', key: 'Enter' };
const AIM = { impersonationId: 'i', pageId: 'p', seq: 3 };

let control: ControlState | null;
let isFrozen: boolean;
let isHere: boolean;
let now: number;
let marks: [string, MarkedOrder | null][];
let noted: OrderStretch[];
let answer: ControlAnswer;
let orders: ControlOrder[];
let released: string[];
let kept: (readonly string[])[];
let faults: unknown[];
let desk: ControlDesk;

const by = (connection = 'tab', role: WatchRole = 'moderator', staffId = 'sofia'): Steering => ({
	actor: { kind: 'staff', agencyId: AGENCY, staffId: staffId as StaffId, sessionId: 's' },
	origin: { ip: null, userAgent: null },
	name: 'Sofia',
	role,
	watching: 'i',
	connection,
	isHere: () => isHere
});
const held = (id = 'c1'): ControlState => ({
	id,
	state: 'held',
	by: { staffId: 'sofia', name: 'Sofia' },
	until: null
});

beforeEach(() => {
	control = null;
	[isFrozen, isHere, now, answer] = [false, true, 0, 'done'];
	[marks, noted] = [[], []];
	[orders, released, kept, faults] = [[], [], [], []];
	desk = new ControlDesk({
		hubId: 'hub',
		now: () => now,
		rows: {
			askControl: () => Promise.resolve('c1'),
			answerControl: () => Promise.resolve(),
			releaseControl: (actor, { id }) => {
				released.push(`${actor.kind} ${id}`);
				return released.length > 1 ? Promise.reject(new AppError('conflict', 'over')) : Promise.resolve();
			},
			takeControlBack: () => Promise.resolve(),
			keepControls: (ids) => {
				kept.push(ids);
				return ids.length > 0 ? Promise.resolve() : Promise.reject(new Error('no database'));
			},
			markOrder: (...mark) => {
				marks.push(mark);
				return Promise.resolve();
			},
			noteOrders: (_, { origin: _origin, ...stretch }) => {
				noted.push(stretch);
				return Promise.resolve();
			}
		},
		sessionOf: (agencyId) =>
			agencyId === AGENCY ? { staffId: 'maya', isFrozen, control, hasPage: (id) => id === 'p' } : null,
		send: (order) => {
			orders.push(order);
			return Promise.resolve(answer);
		},
		onError: (error) => faults.push(error)
	});
});

const refused = (code: string) => expect.objectContaining({ code }) as unknown;

describe('a deed', () => {
	it('reaches the page once control is held, under its own name', async () => {
		await desk.ask(by(), 'i');
		control = held();
		expect(await desk.steer(by(), AIM, KEY)).toBe('done');
		expect(orders).toEqual([{ id: 'c1', ...AIM, deed: KEY }]);
	});

	it.each([
		['nobody asked', () => (control = held('c0')), by()],
		['it is not answered yet', () => (control = { ...held(), state: 'asked' }), by()],
		['the hub has heard of another one', () => (control = held('c2')), by()],
		['it comes through another tab', () => (control = held()), by('other')],
		['the holder may only help by now', () => (control = held()), by('tab', 'helper')],
		['the session is frozen', () => ([control, isFrozen] = [held(), true]), by()]
	])('is refused while %s', async (what, make, who) => {
		if (what !== 'nobody asked') await desk.ask(by(), 'i');
		make();
		await expect(desk.steer(who, AIM, KEY)).rejects.toEqual(refused('not_allowed'));
		expect(orders).toEqual([]);
	});

	it('on a page of another session is refused by name', async () => {
		await desk.ask(by(), 'i');
		control = held();
		await expect(desk.steer(by(), { ...AIM, pageId: 'q' }, KEY)).rejects.toEqual(refused('wrong_page'));
	});
});

it('is asked for by nobody inside, and by nobody who does not watch', async () => {
	await expect(desk.ask(by('tab', 'moderator', 'maya'), 'i')).rejects.toEqual(refused('not_allowed'));
	await expect(desk.ask({ ...by(), watching: null }, 'i')).rejects.toEqual(refused('not_allowed'));
});

it('is given back once: by the holder, or by the program when their connection is gone', async () => {
	await desk.ask(by(), 'i');
	desk.letGo('other');
	desk.letGo('tab');
	desk.letGo('tab');
	await Promise.resolve();
	expect(released).toEqual(['system c1']);
	await expect(desk.release(by(), 'i')).rejects.toEqual(refused('not_allowed'));
	await desk.ask(by(), 'i');
	// Over already in the rows, as after Freeze: nothing that anybody has to hear of.
	desk.letGo('tab');
	await Promise.resolve();
	expect(faults).toEqual([]);
});

it('renews what was asked for here, and goes on when the rows do not answer', async () => {
	await desk.ask(by(), 'i');
	await desk.keep();
	desk.close('i');
	await desk.keep();
	expect(kept).toEqual([['c1'], []]);
	expect(faults).toHaveLength(1);
});

it('is not kept for a connection that went while it was being asked for', async () => {
	isHere = false;
	await expect(desk.ask(by(), 'i')).rejects.toEqual(refused('not_allowed'));
	await expect.poll(() => released).toEqual(['system c1']);
	await desk.keep();
	expect(kept).toEqual([[]]);
});

describe('what was ordered', () => {
	const SECRET: ControlDeed = { kind: 'type', text: 'IBAN DE02 1203' };

	it('is one row for each stretch, without what was typed', async () => {
		await desk.ask(by(), 'i');
		control = held();
		for (const deed of [KEY, SECRET, SECRET]) await desk.steer(by(), AIM, deed);
		[now, answer] = [900, 'stale'];
		await desk.steer(by(), AIM, SECRET);
		await desk.keep();
		expect(noted).toEqual([]);
		now = 5_000;
		await desk.keep();
		const run = { answer: 'done', from: 0, to: 0 };
		expect(noted).toEqual([
			{
				impersonationId: 'i',
				pageId: 'p',
				at: 0,
				orders: [
					{ ...run, kind: 'key', n: 1 },
					{ ...run, kind: 'type', n: 2 },
					{ kind: 'type', answer: 'stale', n: 1, from: 900, to: 900 }
				]
			}
		]);
		expect(JSON.stringify([noted, marks])).not.toContain('IBAN');
	});

	it('is in the log before control is given back', async () => {
		await desk.ask(by(), 'i');
		control = held();
		await desk.steer(by(), AIM, KEY);
		await desk.release(by(), 'i');
		expect(noted).toHaveLength(1);
	});

	it('counts as theirs while the page does it, and not where the page refused', async () => {
		await desk.ask(by(), 'i');
		control = held();
		answer = 'stale';
		await desk.steer(by(), AIM, KEY);
		expect(marks).toEqual([
			['c1', { pageId: 'p', msAgo: 0 }],
			['c1', null]
		]);
		marks.length = 0;
		answer = 'done';
		// A flood of letters is one mark a second; what only scrolls sets nothing off.
		for (now of [1_000, 1_300, 1_600]) await desk.steer(by(), AIM, KEY);
		await desk.steer(by(), AIM, { kind: 'scroll', node: 1, dx: 0, dy: 9 });
		expect(marks).toEqual([['c1', { pageId: 'p', msAgo: 0 }]]);
		[answer, now] = ['covered', 3_000];
		await desk.steer(by(), AIM, KEY);
		// The one before it was done all the same.
		expect(marks.at(-1)).toEqual(['c1', { pageId: 'p', msAgo: 1_400 }]);
	});
});
