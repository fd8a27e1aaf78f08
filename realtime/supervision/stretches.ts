// Pointing and drawing come in dozens of messages a second; kept is one row for each stretch of it. Pure: time is an argument.
import type { Place } from '#protocol/help.ts';
import type { Stretch } from '#server/usecases/supervision/note-marks.ts';

/** Nothing for this long ends a stretch; so does its length, or that it is full. */
const QUIET_MS = 4_000;
const MAX_MS = 30_000;
const MAX_POINTS = 1_500;
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

	/** Adds a movement; returns the stretch that is over because of it, if any. `key` names the helper. */
	add(key: string, by: By, movement: Movement): { by: By; stretch: Stretch } | null {
		const id = `${key}:${movement.impersonationId}:${movement.pageId}:${movement.kind}`;
		const known = this.open.get(id);
		const isOver = known !== undefined && isFull(known, movement.now);
		const at = known && !isOver ? known : begin(by, movement);
		this.open.set(id, at);
		extend(at, movement);
		return known && isOver ? known : null;
	}

	/** Those that nothing was added to any more, or all of an impersonation that is over. */
	takeDone(now: number, over?: string): { by: By; stretch: Stretch }[] {
		const done = [...this.open].filter(
			([, one]) => one.stretch.impersonationId === over || now - one.last >= QUIET_MS || isFull(one, now)
		);
		for (const [id] of done) this.open.delete(id);
		return done.map(([, { by, stretch }]) => ({ by, stretch }));
	}

	takeAll(): { by: By; stretch: Stretch }[] {
		return this.takeDone(Number.POSITIVE_INFINITY);
	}
}

const isFull = ({ stretch, points }: Open<unknown>, now: number): boolean =>
	now - stretch.at >= MAX_MS || points >= MAX_POINTS;

const begin = <By>(by: By, { kind, impersonationId, pageId, now }: Movement): Open<By> => ({
	by,
	stretch: { kind, impersonationId, pageId, at: now, ms: 0, places: [], strokes: [] },
	last: now,
	lastPlaceAt: Number.NEGATIVE_INFINITY,
	points: 0,
	stroke: -1
});

function extend(one: Open<unknown>, movement: Movement): void {
	const { now } = movement;
	const { stretch } = one;
	one.last = now;
	stretch.ms = now - stretch.at;
	if (movement.kind === 'draw') {
		const { node, points, stroke } = movement;
		const known = one.stroke === stroke ? stretch.strokes.at(-1) : undefined;
		if (known?.node === node) {
			known.points.push(...points);
			known.to = stretch.ms;
		} else if (points.length > 0)
			stretch.strokes.push({ node, points: [...points], from: stretch.ms, to: stretch.ms });
		one.stroke = stroke;
		one.points += points.length;
	} else if (now - one.lastPlaceAt >= PLACE_EVERY_MS && stretch.places.length < MAX_PLACES) {
		stretch.places.push({ ...movement.at, ms: stretch.ms });
		one.lastPlaceAt = now;
	}
}
