// What a helper pointed at or drew, one row of the log for each stretch of it: the picture lies with its details, and the replay
// has it on its timeline like everything else that was logged. Erased with the client's other words.
import type { Origin, StaffActor } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Place } from '#protocol/help.ts';
import { accountOf, findSession, requireOther } from './helped-session.ts';

/** Points are shares of the element's box; times are ms after `at`, the hub time at which the stretch began. */
export type Stretch = {
	kind: 'point' | 'draw';
	impersonationId: string;
	pageId: string;
	at: number;
	ms: number;
	/** Of pointing: where it rested, a few places in their order. */
	places: (Place & { ms: number })[];
	strokes: { node: number; points: [number, number][]; from: number; to: number }[];
	/** More was drawn than is kept of one helper. */
	isCut: boolean;
};

const CUT = 'More was drawn than is kept, so the recording does not show all of it.';

/** Of what was shown already, with the right to it. @throws AppError `not_allowed`: no such impersonation here, or the own one */
export const noteMarks =
	({ act, db }: { act: Act; db: Db }) =>
	async (actor: StaffActor, stretch: Stretch & { origin: Origin }): Promise<void> => {
		const { kind, impersonationId, origin, pageId, at, ms, places, strokes, isCut } = stretch;
		const row = await findSession(db, actor.agencyId, impersonationId);
		const action = kind === 'draw' ? 'watch.drew' : 'watch.pointed';
		await act(actor, { action, ...accountOf(row), origin }, async () => {
			requireOther(row, actor);
			const shown = { pageId, at, ms, places, strokes };
			return { value: undefined, details: { shown, ...(isCut && { note: CUT }) } };
		});
	};
