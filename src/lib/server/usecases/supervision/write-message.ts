// One line of the conversation between watchers and the staff member. The line is the log row: who said what during an
// impersonation is as certain as what was done, and is erased with the client's other words.
import type { Act } from '#server/db/act.ts';
import type { Db } from '#server/db/types.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { HelpMessage } from '#protocol/help.ts';
import {
	accountOf,
	findSession,
	insideActor,
	requireOther,
	requireRunning,
	type Speaker
} from './helped-session.ts';

export type Written = { impersonationId: string; text: string; name: string };

type Deps = { act: Act; db: Db; ids: Ids; clock: Clock };

/**
 * Attack: a character that orders text anew, or one that no database holds, in what another person reads as plain words.
 */
const plain = (text: string): string =>
	text
		.replaceAll('\u0000', '')
		.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
		.toWellFormed();

/**
 * Writes a line and returns it as all are told of it.
 * @throws AppError `not_allowed`: no permission `assist` (logged), no such impersonation here, or the own one; `impersonation_over`
 */
export const writeMessage =
	({ act, db, ids, clock }: Deps) =>
	async (speaker: Speaker, { impersonationId, text, name }: Written): Promise<HelpMessage> => {
		const { agencyId } = speaker.inside ?? speaker.actor;
		const row = await findSession(db, agencyId, impersonationId);
		const message: HelpMessage = {
			id: ids.uuid(),
			at: clock.now(),
			by: { staffId: speaker.actor?.staffId ?? row.staff_id, name },
			isInside: speaker.actor === undefined,
			text: plain(text)
		};
		const details = { message: message.id, note: message.text };
		if (speaker.inside) {
			await act(insideActor(row, speaker.inside), { action: 'impersonation.wrote' }, async (tx) => {
				await requireRunning(tx, row.id);
				return { value: undefined, details, subject: accountOf(row).subject };
			});
			return message;
		}
		const deed = { action: 'watch.wrote', ...accountOf(row), origin: speaker.origin } as const;
		await act(speaker.actor, deed, async (tx) => {
			requireOther(row, speaker.actor);
			await requireRunning(tx, row.id);
			return { value: undefined, details };
		});
		return message;
	};
