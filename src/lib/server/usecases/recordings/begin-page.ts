// Brings the sealing process to where a page's rows stand.
import type { PageState } from '#server/recordings/page-to-seal.ts';
import type { PageToSeal } from '#server/recordings/seal-messages.ts';
import type { SealDeps } from './seal-deps.ts';

/** What the sealing process must know of a page; its key is made where it has none yet. */
export async function pageToSeal({ keys }: Pick<SealDeps, 'keys'>, state: PageState): Promise<PageToSeal> {
	const { agencyId, impersonationId, pageId, openedAt, sealedSeq, batchHash } = state;
	const ids = { agencyId, impersonationId, pageId };
	return { ids, key: await keys.ensure(ids), policy: 0, openedAt, nextSeq: sealedSeq + 1, batchHash };
}

/** @throws AppError `try_later` when the sealing process fails; `not_found` when the last block is gone */
export async function beginPage(
	deps: Pick<SealDeps, 'sealer' | 'store' | 'keys'>,
	state: PageState
): Promise<PageToSeal> {
	const { sealer, store } = deps;
	const page = await pageToSeal(deps, state);
	// Most often it still knows the page from the last time.
	if (await sealer.ask('begin', { page, before: null })) return page;
	const [block, dictionary] = await Promise.all([
		state.lastBlock === null ? null : store.get(state.lastBlock),
		state.dictionary === null ? null : store.get(state.dictionary)
	]);
	await sealer.ask('begin', { page, before: { block, dictionary } });
	return page;
}
