// Use cases of notices and mails.
import { listFailedMails, retryMail } from '../usecases/notices/failed-mails.ts';
import { mailOwners } from '../usecases/notices/mail-owners.ts';
import { countNotices, listNotices, readNotices } from '../usecases/notices/own-notices.ts';
import { resendWaiting } from '../usecases/notices/resend-waiting.ts';
import { sendMail } from '../usecases/notices/send-mail.ts';
import { spreadNotices } from '../usecases/notices/spread-notices.ts';
import type { Parts } from './parts.ts';

export function composeNotices({ db, act, ids, config, mailer }: Parts) {
	const { agencyOrigin, portalOrigin } = config;
	const tellOwners = mailOwners({ db, ids, portalOrigin });
	const resend = resendWaiting({ db });
	return {
		spread: spreadNotices({ db, ids, agencyOrigin, portalOrigin }),
		sendMail: sendMail({ db, mailer, portalOrigin }),
		mailOwners: async (): Promise<void> => {
			await tellOwners();
			await resend();
		},
		list: listNotices({ db }),
		countUnread: countNotices({ db }),
		markRead: readNotices({ db }),
		listFailedMails: listFailedMails({ db }),
		retryMail: retryMail({ act })
	};
}
