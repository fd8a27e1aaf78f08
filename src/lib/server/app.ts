// What the edges see of the composed application. Web, hub, worker and tests get the same object.
import type { Config } from './config.ts';
import type { composeAgency } from './compose/agency.ts';
import type { composeImpersonation } from './compose/impersonation.ts';
import type { composeLive } from './compose/live.ts';
import type { composeLog } from './compose/log.ts';
import type { composePortal } from './compose/portal.ts';
import type { composeRecordings } from './compose/recordings.ts';
import type { composeRetention } from './compose/retention.ts';
import type { composeSetup } from './compose/setup.ts';
import type { composeSignIn } from './compose/sign-in.ts';
import type { Logger } from './logger.ts';
import type { PageTickets } from './sign-in/page-ticket.ts';

export type App = {
	config: Config;
	log: Logger;
	tickets: PageTickets;
	signIn: ReturnType<typeof composeSignIn>;
	impersonation: ReturnType<typeof composeImpersonation>;
	portal: ReturnType<typeof composePortal>;
	agency: ReturnType<typeof composeAgency>;
	live: ReturnType<typeof composeLive>;
	recordings: ReturnType<typeof composeRecordings>;
	actionLog: ReturnType<typeof composeLog>;
	retention: ReturnType<typeof composeRetention>;
	setup: ReturnType<typeof composeSetup>;
	/** Answers whether every dependency works. */
	isReady(): Promise<boolean>;
	close(): Promise<void>;
};
