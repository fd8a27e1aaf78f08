// Use cases of what waits for a client’s approval. The wrapped use cases of other subjects are named in `orDraft` calls.
import { createDraftDesk } from '../usecases/drafts/draft-desk.ts';
import { approveDraft, declineDraft } from '../usecases/drafts/decide-draft.ts';
import { countOpenDrafts, listClientDrafts, listDrafts } from '../usecases/drafts/list-drafts.ts';
import { prepareDraft } from '../usecases/drafts/prepare-draft.ts';
import { expireDrafts, withdrawDraft } from '../usecases/drafts/withdraw-draft.ts';
import type { Parts } from './parts.ts';

export function composeDrafts({ db, act, ids }: Pick<Parts, 'db' | 'act' | 'ids'>) {
	const desk = createDraftDesk({ db, prepare: prepareDraft({ act, ids }) });
	return {
		/** Wraps a draftable use case: while the policy asks for it, an impersonating attempt is stored instead. */
		orDraft: desk.orDraft,
		wrapped: desk.wrapped,
		approve: approveDraft({ act, db, desk }),
		decline: declineDraft({ act, db }),
		withdraw: withdrawDraft({ act, db }),
		expire: expireDrafts({ act, db }),
		countOpen: countOpenDrafts({ db }),
		list: listDrafts({ db }),
		listOfClient: listClientDrafts({ db })
	};
}
