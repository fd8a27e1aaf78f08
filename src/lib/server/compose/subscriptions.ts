// Use cases of subscriptions and their renewals, on both sides.
import {
	listAgencySubscriptions,
	readAgencySubscription
} from '../usecases/subscriptions/agency-subscriptions.ts';
import { cancelSubscription, keepSubscription } from '../usecases/subscriptions/cancel-subscription.ts';
import { changePlan } from '../usecases/subscriptions/change-plan.ts';
import { createSubscription, readSubscriptionStart } from '../usecases/subscriptions/create-subscription.ts';
import { listSubscriptions } from '../usecases/subscriptions/list-subscriptions.ts';
import { pauseSubscription, resumeSubscription } from '../usecases/subscriptions/pause-subscription.ts';
import { readSubscription } from '../usecases/subscriptions/read-subscription.ts';
import { renewDue } from '../usecases/subscriptions/renew-due.ts';
import type { Parts } from './parts.ts';

export const composeSubscriptions = ({ db, act, ids, clock, log }: Parts) => ({
	list: listSubscriptions({ db }),
	read: readSubscription({ db }),
	listForStaff: listAgencySubscriptions({ db }),
	readForStaff: readAgencySubscription({ db }),
	readStart: readSubscriptionStart({ db }),
	create: createSubscription({ act, ids }),
	changePlan: changePlan({ act, db }),
	pause: pauseSubscription({ act, db }),
	resume: resumeSubscription({ act, db }),
	cancel: cancelSubscription({ act, db }),
	keep: keepSubscription({ act, db }),
	renewDue: renewDue({
		db,
		act,
		ids,
		clock,
		onError: (err, subscriptionId) => log.error({ event: 'subscription.renewal_failed', subscriptionId, err })
	})
});
