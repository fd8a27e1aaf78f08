// Use cases of conversations, on both sides.
import { findClientChoices, readClientChoice } from '../usecases/messages/choose-client.ts';
import { listThreads } from '../usecases/messages/list-threads.ts';
import { countUnread, markThreadRead } from '../usecases/messages/mark-read.ts';
import { readThread } from '../usecases/messages/read-thread.ts';
import { sendMessage } from '../usecases/messages/send-message.ts';
import { startThread } from '../usecases/messages/start-thread.ts';
import type { Parts } from './parts.ts';

export const composeMessages = ({ db, act, ids, blobs }: Parts) => ({
	list: listThreads({ db }),
	read: readThread({ db }),
	markRead: markThreadRead({ db }),
	countUnread: countUnread({ db }),
	readClient: readClientChoice({ db }),
	findClients: findClientChoices({ db }),
	start: startThread({ act, ids, blobs }),
	send: sendMessage({ db, act, ids, blobs })
});
