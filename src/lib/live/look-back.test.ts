import { beforeEach, expect, it, vi } from 'vitest';
import type { FilmSource } from './film-fetcher.ts';
import { LookBack } from './look-back.svelte.ts';

const film = (lengthMs: number): FilmSource => ({ startedAt: 0, lengthMs, isRunning: true, pages: [] });

let answers: PromiseWithResolvers<FilmSource>[];
let look: LookBack;
beforeEach(() => {
	// What a component would redraw for is no part of what is tested: fields are fields.
	const plain = <T>(value: T): T => value;
	vi.stubGlobal('$state', Object.assign(plain, { raw: plain }));
	vi.spyOn(console, 'warn').mockReturnValue();
	answers = [];
	look = new LookBack({
		impersonationId: 'i',
		replayOrigin: 'https://replay.example',
		assets: '',
		read: () => {
			const answer = Promise.withResolvers<FilmSource>();
			answers.push(answer);
			return answer.promise;
		},
		lengthMs: () => 60_000
	});
});

it('stays at the present that was gone back to while the past still loads', async () => {
	const opening = look.to(20_000);
	expect([look.isOn, look.at]).toEqual([true, 20_000]);
	look.end();
	expect([look.isOn, look.at]).toEqual([false, null]);
	answers[0]?.resolve(film(60_000));
	await opening;
	expect([look.isOn, look.at, look.film]).toEqual([false, null, null]);
});

it('shows what was asked for last, and not what an earlier answer brings or fails with', async () => {
	const first = look.to(20_000);
	look.end();
	const second = look.to(30_000);
	answers[1]?.resolve(film(2));
	await second;
	answers[0]?.reject(new Error('gone'));
	await first;
	expect([look.film?.lengthMs, look.fault, look.isOpening, look.at]).toEqual([2, null, false, 30_000]);
});

it('says that the past cannot be read, until one goes back to now', async () => {
	const opening = look.to(20_000);
	answers[0]?.reject(new Error('offline'));
	await opening;
	expect(look.isOn).toBe(false);
	expect(look.fault).toContain('Check the connection');
	look.end();
	expect(look.fault).toBeNull();
});
