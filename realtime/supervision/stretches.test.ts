import { expect, it } from 'vitest';
import { Stretches } from './stretches.ts';

const on = { impersonationId: 'i', pageId: 'p' };
const point = (now: number, x = 0) => ({ ...on, now, kind: 'point' as const, at: { node: 1, x, y: 0 } });
const draw = (now: number, stroke: number, count = 1) => ({
	...on,
	now,
	kind: 'draw' as const,
	stroke,
	node: 1,
	points: Array.from({ length: count }, (): [number, number] => [0, 0])
});

it('makes one of what goes on, and ends it after a rest', () => {
	const stretches = new Stretches<string>();
	for (let now = 0; now <= 2_000; now += 100) expect(stretches.add('s', 'sofia', point(now, now))).toBeNull();
	expect(stretches.takeDone(5_000)).toEqual([]);
	const [done] = stretches.takeDone(6_000);
	expect(done?.stretch).toMatchObject({ kind: 'point', at: 0, ms: 2_000 });
	// A place each half second tells a reader enough.
	expect(done?.stretch.places.map(({ x, ms }) => [x, ms])).toEqual(
		[0, 500, 1_000, 1_500, 2_000].map((at) => [at, at])
	);
	expect(stretches.takeAll()).toEqual([]);
});

it('joins the pieces of a stroke and keeps strokes apart', () => {
	const stretches = new Stretches<string>();
	for (const movement of [draw(0, 1, 2), draw(10, 1, 3), draw(20, 2, 1)])
		stretches.add('s', 'sofia', movement);
	const [done] = stretches.takeAll();
	expect(done?.stretch.strokes.map(({ points, from, to }) => [points.length, from, to])).toEqual([
		[5, 0, 10],
		[1, 20, 20]
	]);
});

it('ends one that is too long or too full, so that no row grows without end', () => {
	const stretches = new Stretches<string>();
	stretches.add('s', 'sofia', draw(0, 1, 64));
	let rows = 0;
	for (let n = 1; n < 100; n++) if (stretches.add('s', 'sofia', draw(n, 1, 64))) rows++;
	expect(rows).toBe(4);
	stretches.takeAll();
	stretches.add('s', 'sofia', point(0));
	for (let now = 1_000; now < 30_000; now += 1_000) stretches.add('s', 'sofia', point(now));
	expect(stretches.add('s', 'sofia', point(30_000))?.stretch.ms).toBe(29_000);
});

it('keeps helpers, pages and kinds apart, and ends all of an impersonation that is over', () => {
	const stretches = new Stretches<string>();
	stretches.add('s', 'sofia', point(0));
	stretches.add('m', 'mira', point(0));
	stretches.add('s', 'sofia', draw(0, 1));
	stretches.add('s', 'sofia', { ...point(0), impersonationId: 'other' });
	expect(stretches.takeDone(1, 'i').map(({ by }) => by)).toEqual(['sofia', 'mira', 'sofia']);
	expect(stretches.takeDone(1, 'other')).toHaveLength(1);
});

it('keeps of one helper no more than a replay can show, says so, and begins anew with the next impersonation', () => {
	const stretches = new Stretches<string>();
	const kept = new Map<boolean, number>();
	const note = (done: ReturnType<typeof stretches.add>): void => {
		if (!done) return;
		const points = done.stretch.strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
		kept.set(done.stretch.isCut, (kept.get(done.stretch.isCut) ?? 0) + points);
	};
	for (let n = 0; n < 1_000; n++) note(stretches.add('s', 'sofia', draw(n * 33, n, 64)));
	note(stretches.add('m', 'mira', draw(33_000, 1, 64)));
	for (const done of stretches.takeDone(33_000, 'i')) note(done);
	expect((kept.get(false) ?? 0) + (kept.get(true) ?? 0)).toBe(50_000 + 64);
	expect(kept.has(true)).toBe(true);
	stretches.add('s', 'sofia', draw(40_000, 1, 64));
	expect(stretches.takeAll()[0]?.stretch).toMatchObject({ isCut: false, strokes: [{ node: 1 }] });
});

it('keeps shares no finer than a pixel', () => {
	const stretches = new Stretches<string>();
	stretches.add('s', 'sofia', { ...draw(0, 1), points: [[0.123456789, 2 / 3]] });
	stretches.add('s', 'sofia', point(0, 1 / 3));
	const [drew, pointed] = stretches.takeAll();
	expect(drew?.stretch.strokes[0]?.points).toEqual([[0.1235, 0.6667]]);
	expect(pointed?.stretch.places).toEqual([{ node: 1, x: 0.3333, y: 0, ms: 0 }]);
});
