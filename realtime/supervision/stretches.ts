// Pointing and drawing come in dozens of messages a second; kept is one row for each stretch of it. Pure: time is an argument.
import type { Place } from '#protocol/help.ts';
import type { Stretch } from '#server/usecases/supervision/note-marks.ts';

/** Nothing for this long ends a stretch; so does its length, or that it is full. */
const QUIET_MS = 4_000;
const MAX_MS = 30_000;
const MAX_POINTS = 1_500;
/**
 * Far more than anybody draws in a session. Attack: a helper who draws as fast as a script can for a quarter of an hour makes a replay of
 * tens of megabytes, which no browser opens: what went on in that session is then seen by nobody.
 */
const MAX_POINTS_OF_STAY = 50_000;
/** Finer than a pixel of the largest element. */
const STEPS = 10_000;
/** Where a pointer was, as often as a reader of the log can use. */
const PLACE_EVERY_MS = 500;
const MAX_PLACES = 60;

type Open<By> = {
	by: By;
	stretch: Stretch;
	last: number;
	lastPlaceAt: number;
	points: number;
	stroke: number;
};

/** One movement of one helper on one page. */
export type Movement = { impersonationId: string; pageId: string; now: number } & (
	{ kind: 'point'; at: Place } | { kind: 'draw'; stroke: number; node: number; points: [number, number][] }
);

export class Stretches<By> {
	private readonly open = new Map<string, Open<By>>();
	/** Points kept of each helper in each impersonation that runs. */
	private readonly drawn = new Map<string, number>();

	/** Adds a movement; returns the stretch that is over because of it, if any. `key` names the helper. */
	add(key: string, by: By, movement: Movement): { by: By; stretch: Stretch } | null {
		const id = `${key}:${movement.impersonationId}:${movement.pageId}:${movement.kind}`;
		const known = this.open.get(id);
		const isOver = known !== undefined && isFull(known, movement.now);
		const at = known && !isOver ? known : begin(by, movement);
		this.open.set(id, at);
		extend(at, this.within(key, movement));
		return known && isOver ? known : null;
	}

	/** Those that nothing was added to any more, or all of an impersonation that is over. */
	takeDone(now: number, over?: string): { by: By; stretch: Stretch }[] {
		const done = [...this.open].filter(
			([, one]) => one.stretch.impersonationId === over || now - one.last >= QUIET_MS || isFull(one, now)
		);
		for (const [id] of done) this.open.delete(id);
		for (const stay of this.drawn.keys()) if (stay.startsWith(`${over}:`)) this.drawn.delete(stay);
		return done.map(([, { by, stretch }]) => ({ by, stretch }));
	}

	/** The movement with what may still be kept of it: it was shown all the same, and its row says that there was more. */
	private within(key: string, movement: Movement): Movement & { isCut: boolean } {
		if (movement.kind === 'point') return { ...movement, isCut: false };
		const stay = `${movement.impersonationId}:${key}`;
		const before = this.drawn.get(stay) ?? 0;
		const points = movement.points.slice(0, MAX_POINTS_OF_STAY - before);
		this.drawn.set(stay, before + points.length);
		return { ...movement, points, isCut: points.length < movement.points.length };
	}

	takeAll(): { by: By; stretch: Stretch }[] {
		return this.takeDone(Number.POSITIVE_INFINITY);
	}
}

const isFull = ({ stretch, points }: Open<unknown>, now: number): boolean =>
	now - stretch.at >= MAX_MS || points >= MAX_POINTS;

const begin = <By>(by: By, { kind, impersonationId, pageId, now }: Movement): Open<By> => ({
	by,
	stretch: { kind, impersonationId, pageId, at: now, ms: 0, places: [], strokes: [], isCut: false },
	last: now,
	lastPlaceAt: Number.NEGATIVE_INFINITY,
	points: 0,
	stroke: -1
});

const rounded = (share: number): number => Math.round(share * STEPS) / STEPS;

function extend(one: Open<unknown>, movement: Movement & { isCut: boolean }): void {
	const { now } = movement;
	const { stretch } = one;
	one.last = now;
	stretch.ms = now - stretch.at;
	stretch.isCut ||= movement.isCut;
	if (movement.kind === 'draw') {
		const { node, stroke } = movement;
		const points = movement.points.map(([x, y]): [number, number] => [rounded(x), rounded(y)]);
		const known = one.stroke === stroke ? stretch.strokes.at(-1) : undefined;
		if (known?.node === node) {
			known.points.push(...points);
			known.to = stretch.ms;
		} else if (points.length > 0) stretch.strokes.push({ node, points, from: stretch.ms, to: stretch.ms });
		one.stroke = stroke;
		one.points += points.length;
	} else if (now - one.lastPlaceAt >= PLACE_EVERY_MS && stretch.places.length < MAX_PLACES) {
		const { node, x, y } = movement.at;
		stretch.places.push({ node, x: rounded(x), y: rounded(y), ms: stretch.ms });
		one.lastPlaceAt = now;
	}
}
