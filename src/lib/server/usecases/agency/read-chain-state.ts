// Whether the agency's chain is whole, as the foot of the action log says. Walking a long chain costs, so one answer
// serves all readers for a minute.
import type { StaffActor } from '#domain/actor.ts';
import type { AgencyId } from '#domain/ids.ts';
import type { Db } from '#server/db/types.ts';
import type { Clock } from '#server/ports/clock.ts';
import { requireReader } from './require-reader.ts';

type Verified = { whole: true; to: string } | { whole: false; brokenAt: string };
export type ShownChain = { whole: boolean; to: string | null; brokenAt: string | null; checkedAt: number };

const FRESH_MS = 60_000;
/** Far more agencies than one installation holds; the oldest answer gives way. */
const MAX_KEPT = 200;

type Dependencies = { db: Db; clock: Clock; verify(agencyId: AgencyId): Promise<Verified> };
type Kept = { at: number; answer: Promise<ShownChain> };

/** @throws AppError `not_allowed` without the permission `actions.read` */
export function readChainState({ db, clock, verify }: Dependencies) {
	const kept = new Map<AgencyId, Kept>();
	const check = async (agencyId: AgencyId): Promise<ShownChain> => {
		const state = await verify(agencyId);
		const checkedAt = clock.now();
		return state.whole
			? { whole: true, to: state.to, brokenAt: null, checkedAt }
			: { whole: false, to: null, brokenAt: state.brokenAt, checkedAt };
	};
	return async (actor: StaffActor): Promise<ShownChain> => {
		await requireReader(db, actor, 'actions.read');
		const { agencyId } = actor;
		const last = kept.get(agencyId);
		if (last && clock.now() - last.at < FRESH_MS) return last.answer;
		const answer = check(agencyId);
		kept.delete(agencyId);
		kept.set(agencyId, { at: clock.now(), answer });
		const oldest = kept.keys().next().value;
		if (kept.size > MAX_KEPT && oldest) kept.delete(oldest);
		// A failed check must be tried again by the next reader, not remembered.
		answer.catch(() => kept.delete(agencyId));
		return answer;
	};
}
