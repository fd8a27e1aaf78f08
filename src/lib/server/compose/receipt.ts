// Use cases of the session receipt.
import { cancelHeldMail, sendAllHeld, sendHeldMail } from '../usecases/receipt/decide-mail.ts';
import { readLeft } from '../usecases/receipt/read-left.ts';
import { readReceipt } from '../usecases/receipt/read-receipt.ts';
import { releaseLeft } from '../usecases/receipt/release-left.ts';
import { undoDeed } from '../usecases/receipt/undo-deed.ts';
import { writeNote } from '../usecases/receipt/write-note.ts';
import type { composeFiles } from './files.ts';
import type { Parts } from './parts.ts';
import type { composeSubscriptions } from './subscriptions.ts';
import type { composeTasks } from './tasks.ts';

type Subjects = {
	tasks: ReturnType<typeof composeTasks>;
	files: ReturnType<typeof composeFiles>;
	subscriptions: ReturnType<typeof composeSubscriptions>;
};

export function composeReceipt(
	{ db, act, log }: Pick<Parts, 'db' | 'act' | 'log'>,
	{ tasks, files, subscriptions }: Subjects
) {
	const ways = {
		'task.deleted': tasks.delete,
		'task.restored': tasks.restore,
		'task.completed': tasks.complete,
		'task.reopened': tasks.reopen,
		'file.deleted': files.delete,
		'file.restored': files.restore,
		'folder.deleted': files.deleteFolder,
		'folder.restored': files.restoreFolder,
		'subscription.resumed': subscriptions.resume,
		'subscription.kept': subscriptions.keep
	};
	return {
		read: readReceipt({ db }),
		readLeft: readLeft({ db }),
		writeNote: writeNote({ act, db }),
		undo: undoDeed({ db, ways }),
		sendMail: sendHeldMail({ act, db }),
		sendAllMails: sendAllHeld({ act, db }),
		cancelMail: cancelHeldMail({ act, db }),
		releaseLeft: releaseLeft({ act, db, onError: (err) => log.error({ event: 'mail.release_failed', err }) })
	};
}
