// Use cases of the agency side.
import { hash } from '@node-rs/argon2';
import { createFirstAdmin, readSetupLink } from '../usecases/agency/create-first-admin.ts';
import { exportActions } from '../usecases/agency/export-actions.ts';
import { exportChain } from '../usecases/agency/export-chain.ts';
import { listActions } from '../usecases/agency/list-actions.ts';
import { listClientImpersonations } from '../usecases/agency/list-client-impersonations.ts';
import { readAction } from '../usecases/agency/read-action.ts';
import { readActionChoices } from '../usecases/agency/read-action-choices.ts';
import { readChainState } from '../usecases/agency/read-chain-state.ts';
import { readClient } from '../usecases/agency/read-client.ts';
import { readRestart } from '../usecases/agency/read-restart.ts';
import { listSavedViews, removeView, saveView } from '../usecases/agency/saved-views.ts';
import { verifyChain } from '../usecases/log/verify-chain.ts';
import type { Parts } from './parts.ts';

export const composeAgency = ({ act, db, ids, clock, signingKey }: Parts) => ({
	readClient: readClient({ db }),
	listClientImpersonations: listClientImpersonations({ db }),
	readRestart: readRestart({ db }),
	listActions: listActions({ db }),
	listViews: listSavedViews({ db }, 'actions'),
	saveView: saveView({ act, ids }, 'actions'),
	removeView: removeView({ act }, 'actions'),
	exportActions: exportActions({ act, db }),
	exportChain: exportChain({ act, db }),
	readAction: readAction({ db }),
	readActionChoices: readActionChoices({ db }),
	readChainState: readChainState({
		db,
		clock,
		verify: (agencyId) => verifyChain({ db, agencyId, trusted: signingKey.publicKey })
	}),
	readSetupLink: readSetupLink({ db }),
	createFirstAdmin: createFirstAdmin({ db, ids, hashPassword: (password) => hash(password) })
});
