// Someone inside asked for the account's own sign-in: never possible, and logged.
import type { ImpersonationActor, Origin } from '#domain/actor.ts';
import type { Act } from '#server/db/act.ts';

/** @throws AppError `forbidden`, always (logged) */
export const touchCredentials =
	({ act }: { act: Act }) =>
	async (actor: ImpersonationActor, origin: Origin): Promise<never> =>
		act(actor, { action: 'credentials.changed', origin }, async () => {
			throw new Error('A forbidden action passed the gate.');
		});
