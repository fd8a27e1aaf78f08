import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import type { AgencyId, StaffId } from '#domain/ids.ts';
import type { WatchRole } from '#domain/watch-role.ts';
import type { ControlDeed, ControlOrder, ControlState } from '#protocol/control.ts';
import { ControlDesk, type Steering } from './control-desk.ts';

const AGENCY = 'agency' as AgencyId;
const KEY: ControlDeed = { kind: 'key', key: 'Enter' };
const AIM = { impersonationId: 'i', pageId: 'p', seq: 3 };

let control: ControlState | null;
let isFrozen: boolean;
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
	connection
});
const held = (id = 'c1'): ControlState => ({
	id,
	state: 'held',
	by: { staffId: 'sofia', name: 'Sofia' },
	until: null
});

beforeEach(() => {
	control = null;
	isFrozen = false;
	[orders, released, kept, faults] = [[], [], [], []];
	desk = new ControlDesk({
		hubId: 'hub',
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
			}
		},
		sessionOf: (agencyId) =>
			agencyId === AGENCY ? { staffId: 'maya', isFrozen, control, hasPage: (id) => id === 'p' } : null,
		send: (order) => {
			orders.push(order);
			return Promise.resolve('done');
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
