import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ControlOrder, ControlState } from '#protocol/control.ts';
import { StaffControl, type ControlHands } from './staff-control.svelte.ts';

const state = (is: 'asked' | 'held', id = 'c1'): ControlState => ({
	id,
	state: is,
	by: { staffId: 's', name: 'Sofia' },
	until: null
});
const ORDER: ControlOrder = {
	id: 'c1',
	impersonationId: 'i',
	pageId: 'p',
	seq: 1,
	deed: { kind: 'key', key: 'Enter' }
};
const HAND = { isTrusted: true } as Event;

let said: string[];
let answer: unknown;
let isStill: boolean;
let obeyed: number;
let load: ControlHands['load'];
let control: StaffControl;
const DEEDS: Awaited<ReturnType<ControlHands['load']>> = {
	openControl: () => ({
		obey: () => {
			obeyed += 1;
			return 'done';
		},
		stop: () => undefined
	})
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
	vi.useFakeTimers();
	// What a component would redraw for is no part of what is tested: fields are fields.
	const plain = <T>(value: T): T => value;
	vi.stubGlobal('$state', Object.assign(plain, { raw: plain }));
	[said, answer, isStill, obeyed] = [[], { ok: true }, false, 0];
	load = () => Promise.resolve(DEEDS);
	control = new StaffControl({
		hold: () => {
			isStill = true;
			return () => (isStill = false);
		},
		load: () => load()
	});
	control.connect({
		ask: (event) => {
			said.push(event);
			return Promise.resolve(answer);
		},
		nodeOf: () => null,
		next: () => 0
	});
});
afterEach(() => {
	control.close();
	vi.restoreAllMocks();
	vi.useRealTimers();
});

it('keeps the page still, and says so, until the hub knows that control was taken back', async () => {
	control.push(state('held'));
	await pass(0);
	answer = null;
	control.takeBack();
	control.takeBack();
	expect(await control.obey(ORDER)).toBe('over');
	await pass(2_500);
	control.push(state('held'));
	expect([said.length, isStill, control.isLeaving, control.now?.id]).toEqual([3, true, true, 'c1']);
	// Refused because it is busy: no answer either.
	answer = { ok: false, refusal: 'too_fast' };
	await pass(1_000);
	expect(control.isLeaving).toBe(true);
	answer = { ok: true };
	await pass(1_000);
	expect([isStill, control.isLeaving, control.now]).toEqual([false, false, null]);
	// A word of the hub from before.
	control.push(state('held'));
	expect(control.now).toBeNull();
	const count = said.length;
	await pass(5_000);
	expect(said).toHaveLength(count);
});

it('is free as soon as the hub says that nobody has control', async () => {
	control.push(state('held'));
	answer = null;
	control.takeBack();
	await pass(0);
	control.push(null);
	await pass(3_000);
	expect([isStill, control.isLeaving, said.length]).toEqual([false, false, 1]);
});

it('takes no press that was under way when the question appeared, and none by script', async () => {
	control.push(state('asked'));
	await control.answer(true, HAND);
	await pass(600);
	await control.answer(true, HAND);
	expect(said).toEqual([]);
	await pass(200);
	await control.answer(true, { isTrusted: false } as Event);
	expect(said).toEqual([]);
	await control.answer(true, HAND);
	expect(said).toEqual(['control:answer']);
	// Another question is read anew.
	control.push(state('asked', 'c2'));
	expect(control.isReadable).toBe(false);
});

it('shows what another tab said yes to, also where this one said no', async () => {
	control.push(state('asked'));
	await pass(800);
	await control.answer(false, HAND);
	control.push(state('asked'));
	expect(control.now).toBeNull();
	control.push(state('held'));
	expect(control.now?.state).toBe('held');
});

it('keeps the page still in the turn in which it hears of it, before what does the deeds is there', async () => {
	load = () => new Promise(() => undefined);
	control.push(state('held'));
	expect(isStill).toBe(true);
	control.push(null);
	expect(isStill).toBe(false);
	await pass(0);
	expect(obeyed).toBe(0);
});

it('loads what does the deeds while the question stands, so that the first order is done', async () => {
	let loads = 0;
	load = () => {
		loads += 1;
		return Promise.resolve(DEEDS);
	};
	control.push(state('asked'));
	expect([loads, isStill]).toEqual([1, false]);
	await pass(800);
	await control.answer(true, HAND);
	control.push(state('held'));
	expect(await control.obey(ORDER)).toBe('done');
	expect([loads, obeyed]).toEqual([1, 1]);
});

it('gives nothing that cannot be loaded, says so, and gives it once it can be', async () => {
	vi.spyOn(console, 'warn').mockReturnValue();
	load = () => Promise.reject(new Error('offline'));
	control.push(state('asked'));
	await pass(800);
	await control.answer(true, HAND);
	expect([said, control.now?.state]).toEqual([[], 'asked']);
	expect(control.fault).toContain('could not be loaded');
	load = () => Promise.resolve(DEEDS);
	await control.answer(true, HAND);
	expect(said).toEqual(['control:answer']);
	// Another question begins without the old one's fault.
	control.push(state('asked', 'c2'));
	expect(control.fault).toBeNull();
});

it('gives nothing that was said no to while it was being loaded', async () => {
	let arrive: (deeds: typeof DEEDS) => void = () => undefined;
	load = () => new Promise((resolve) => (arrive = resolve));
	control.push(state('asked'));
	await pass(800);
	const yes = control.answer(true, HAND);
	await control.answer(false, HAND);
	arrive(DEEDS);
	await yes;
	expect(said).toEqual(['control:answer']);
	expect(control.now).toBeNull();
});

it('is unreachable to orders where it was given elsewhere and cannot be loaded here, and tries again', async () => {
	vi.spyOn(console, 'warn').mockReturnValue();
	load = () => Promise.reject(new Error('offline'));
	control.push(state('held'));
	expect(await control.obey(ORDER)).toBe('unreachable');
	expect(isStill).toBe(true);
	load = () => Promise.resolve(DEEDS);
	expect(await control.obey(ORDER)).toBe('done');
});

it('does no order that the hub has given up: whoever gave it may have repeated it', async () => {
	let arrive: (deeds: typeof DEEDS) => void = () => undefined;
	load = () => new Promise((resolve) => (arrive = resolve));
	control.push(state('held'));
	const late = control.obey(ORDER);
	await pass(3_000);
	arrive(DEEDS);
	expect(await late).toBe('unreachable');
	expect([await control.obey(ORDER), obeyed]).toEqual(['done', 1]);
});
