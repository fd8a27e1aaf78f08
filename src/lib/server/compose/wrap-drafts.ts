// Which use cases of other subjects may become drafts while impersonating; their callers do not notice the difference.
import {
	describeClaim,
	describeClaimWithdrawal,
	describeFileDeletion,
	describeFolderDeletion,
	describeOrder,
	describeOrderCancellation,
	describePlanChange,
	describeSubscriptionCancellation,
	describeTaskDeletion
} from '../usecases/drafts/describe.ts';
import { pinPrice } from '../usecases/subscriptions/change-plan.ts';
import { pinTotal } from '../usecases/orders/pin-total.ts';
import type { composeBilling } from './billing.ts';
import type { composeDrafts } from './drafts.ts';
import type { composeFiles } from './files.ts';
import type { composeOrders } from './orders.ts';
import type { composeSubscriptions } from './subscriptions.ts';
import type { composeTasks } from './tasks.ts';

type Subjects = {
	tasks: ReturnType<typeof composeTasks>;
	files: ReturnType<typeof composeFiles>;
	orders: ReturnType<typeof composeOrders>;
	billing: ReturnType<typeof composeBilling>;
	subscriptions: ReturnType<typeof composeSubscriptions>;
};

/** The same subjects, with every action that `mayDraft` in the catalogue wrapped (tests/integration/drafts-whole.test.ts). */
export function wrapDrafts(
	{ orDraft }: Pick<ReturnType<typeof composeDrafts>, 'orDraft'>,
	{ tasks, files, orders, billing, subscriptions }: Subjects
): Subjects {
	return {
		tasks: { ...tasks, delete: orDraft('task.deleted', tasks.delete, describeTaskDeletion) },
		files: {
			...files,
			delete: orDraft('file.deleted', files.delete, describeFileDeletion),
			deleteFolder: orDraft('folder.deleted', files.deleteFolder, describeFolderDeletion)
		},
		orders: {
			...orders,
			place: orDraft('order.placed', orders.place, describeOrder, pinTotal),
			cancel: orDraft('order.cancelled', orders.cancel, describeOrderCancellation)
		},
		billing: {
			...billing,
			claimPaid: orDraft('invoice.claimed_paid', billing.claimPaid, describeClaim),
			withdrawClaim: orDraft('invoice.claim_withdrawn', billing.withdrawClaim, describeClaimWithdrawal)
		},
		subscriptions: {
			...subscriptions,
			changePlan: orDraft('subscription.changed', subscriptions.changePlan, describePlanChange, pinPrice),
			cancel: orDraft('subscription.cancelled', subscriptions.cancel, describeSubscriptionCancellation)
		}
	};
}
