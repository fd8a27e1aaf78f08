// Draft on behalf: where the policy wants sensitive actions to wait, an impersonating attempt becomes a stored request
// that the client approves, and that then runs the very same use case with the very same input through all checks.
import type { ActionName } from '#domain/actions.ts';
import type { ClientActor, Origin, PortalActor, StaffActor } from '#domain/actor.ts';
import { AppError, isAppError } from '#domain/errors.ts';
import type { ElementKey } from '#domain/portal-elements.ts';
import type { Db, Reader } from '#server/db/types.ts';

/** `needs`: what its reader must see elsewhere to read it here; left out, whoever may decide reads it. */
export type Fact = { term: string; value: string; needs?: ElementKey[] };

/** What a draft is about, in the words its client decides by. */
export type Described = { label: string; href: string; facts: Fact[] };

/**
 * Reads those words within the actor's own account.
 * @throws AppError `not_found` when the input names nothing of theirs: what could never be approved is never stored
 */
export type Describe<I> = (reader: Reader, actor: PortalActor, input: I) => Promise<Described>;

/**
 * What the stored input must say for sure, whatever was sent: a price that no form named would be none when it is approved.
 * @throws AppError as the use case would
 */
export type Pin<I> = (reader: Reader, actor: PortalActor, input: I) => Promise<I>;

type UseCase<A, I, R> = (actor: A, input: I, origin: Origin) => Promise<R>;
type Runner = { run: UseCase<ClientActor, unknown, unknown>; describe: Describe<unknown> };

export type Prepare = (
	actor: Extract<PortalActor, { kind: 'impersonation' }>,
	what: { action: ActionName; input: unknown } & Described,
	origin: Origin
) => Promise<{ waitsFor: string }>;

export type DraftDesk = {
	/** Wraps a use case whose one input is plain JSON. The wrapped one is called exactly as before. */
	orDraft<A extends PortalActor | StaffActor, I, R>(
		action: ActionName,
		useCase: UseCase<A, I, R>,
		describe: Describe<I>,
		pin?: Pin<I>
	): UseCase<A, I, R>;
	/** Every action that was wrapped. */
	wrapped(): ActionName[];
	/** What a stored input comes to by now, in the view of the contact it was prepared for. @throws AppError `not_found` */
	describe(action: ActionName, actor: ClientActor, input: unknown): Promise<Described>;
	/** Runs a stored input as the client who approves it. @throws AppError whatever the use case refuses */
	run(action: ActionName, actor: ClientActor, input: unknown, origin: Origin): Promise<unknown>;
};

export function createDraftDesk({ db, prepare }: { db: Db; prepare: Prepare }): DraftDesk {
	const runners = new Map<ActionName, Runner>();
	const runnerOf = (action: ActionName): Runner => {
		const runner = runners.get(action);
		if (runner) return runner;
		throw new AppError('not_found', 'This can not be approved any more. Decline it and do it yourself.');
	};
	return {
		orDraft(action, useCase, describe, pin) {
			runners.set(action, { run: useCase, describe } as unknown as Runner);
			return async (actor, input, origin) => {
				try {
					return await useCase(actor, input, origin);
				} catch (caught) {
					// The gate says so last of all: whatever else it would refuse stays refused and never becomes a draft.
					if (!isAppError(caught) || caught.code !== 'needs_approval' || actor.kind !== 'impersonation')
						throw caught;
					const pinned = pin ? await pin(db, actor, input) : input;
					const described = await describe(db, actor, pinned);
					const { waitsFor } = await prepare(actor, { action, input: pinned, ...described }, origin);
					throw new AppError(
						'drafted',
						`Prepared for ${waitsFor}: it waits for approval, and nothing was changed yet.`
					);
				}
			};
		},
		wrapped: () => [...runners.keys()],
		describe: async (action, actor, input) => runnerOf(action).describe(db, actor, input),
		run: async (action, actor, input, origin) => runnerOf(action).run(actor, input, origin)
	};
}
