// Use cases of what a client allows.
import { changeConsent } from '../usecases/consent/change-consent.ts';
import { giveConsentAgain } from '../usecases/consent/give-again.ts';
import { grantConsent, withdrawConsent } from '../usecases/consent/grant-consent.ts';
import { readConsent } from '../usecases/consent/read-consent.ts';
import type { Parts } from './parts.ts';

export const composeConsent = ({ db, act, ids }: Pick<Parts, 'db' | 'act' | 'ids'>) => ({
	read: readConsent({ db }),
	grant: grantConsent({ act, ids }),
	withdraw: withdrawConsent({ act }),
	giveAgain: giveConsentAgain({ act }),
	change: changeConsent({ act })
});
