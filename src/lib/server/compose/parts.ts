// The parts every composer is given. Plain arguments, no container [P6].
import type { TusUploads } from '../adapters/files/tus-uploads.ts';
import type { Config } from '../config.ts';
import type { Act } from '../db/act.ts';
import type { Db } from '../db/types.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { HubNews } from '../ports/hub-news.ts';
import type { Ids } from '../ports/ids.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { LiveLog } from '../ports/live-log.ts';
import type { Signals } from '../ports/signals.ts';
import type { Logger } from '../logger.ts';
import type { SigningKey } from '../sign-in/keys.ts';
import type { PageTickets } from '../sign-in/page-ticket.ts';

export type Parts = {
	config: Config;
	log: Logger;
	db: Db;
	act: Act;
	clock: Clock;
	ids: Ids;
	blobs: Blobs;
	uploads: TusUploads;
	liveLog: LiveLog;
	mailer: Mailer;
	hubNews: HubNews;
	signals: Signals;
	tickets: PageTickets;
	secret: string;
	/** What all keys of recordings hang on. */
	masterKey: Uint8Array;
	signingKey: SigningKey;
};
