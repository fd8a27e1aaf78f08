// All the hub needs, as functions; composition fills it. The hub knows no database, no cookie format and no config.
import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';
import type { StaffActor, SystemActor, Origin } from '#domain/actor.ts';
import type { RiskReason } from '#domain/risk-words.ts';
import type { LiveSession } from '#protocol/index.ts';
import type { NotedFault } from '#recorder/format/page-fault.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { HubNews } from '#server/ports/hub-news.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signals } from '#server/ports/signals.ts';
import type { NotedPage } from '#server/usecases/live/note-faults.ts';
import type { Pulse } from '#server/usecases/live/note-pulses.ts';
import type { FoundEntry, WhichEntry } from '#server/usecases/live/read-entry.ts';
import type { Sealed } from '#server/usecases/live/read-sealed.ts';
import type { ResolvedRecorder } from '#server/usecases/live/resolve-recorder.ts';
import type { ResolvedWatcher } from '#server/usecases/live/resolve-watcher.ts';
import type { PagePicture } from '#server/usecases/recordings/read-picture.ts';
import type { ControlRows } from '#realtime/supervision/control-desk.ts';
import type { HelpRows } from '#realtime/supervision/help-desk.ts';
import type { SweepAnswer } from '#server/usecases/live/sweep-live.ts';

/** Structured lines as pino writes them: fields, then a fixed event name [G3]. */
type HubLogger = Record<'info' | 'warn' | 'error', (fields: Record<string, unknown>, event: string) => void>;

export type HubDependencies = {
	/** A new UUID for each start. */
	hubId: string;
	/** As configured, e.g. `https://app.example.com`; compared with `Origin` and `Host`. */
	agencyOrigin: string;
	portalOrigin: string;
	clock: Clock;
	logger: HubLogger;
	registry: Registry;
	liveLog: LiveLog;
	signals: Signals;
	/** What several hubs tell each other. */
	hubNews: HubNews;
	/** Our own address of an asset that a recorded page names, or null to show nothing in its place. */
	allowedAssets(url: string): string | null;
	/** The caller's address; forwarded headers are believed from trusted proxies only. */
	addressOf(request: IncomingMessage): string;
	resolveRecorder(input: { cookieHeader: string | undefined; ticket: string }): Promise<ResolvedRecorder>;
	resolveWatcher(input: { cookieHeader: string | undefined }): Promise<ResolvedWatcher>;
	readLiveSessions(actor: SystemActor, input: { impersonationId: string }): Promise<LiveSession[]>;
	notePulses(pulses: readonly Pulse[]): Promise<void>;
	/** What went wrong in a page, for whoever watches and for the timeline. */
	noteFaults(page: NotedPage, faults: readonly NotedFault[]): Promise<void>;
	joinWatch(
		actor: StaffActor,
		input: { impersonationId: string; hubId: string; origin: Origin }
	): Promise<string>;
	leaveWatch(actor: StaffActor | SystemActor, input: { watchId: string }): Promise<void>;
	/** Signs of life of this hub, and its end. `wasKnown`: nobody took it for dead since the last one. */
	noteHub(input: { hubId: string; isAlive: boolean }): Promise<{ wasKnown: boolean }>;
	/** Closes the watches of hubs that are dead. */
	closeStaleWatches(input: { hubId: string }): Promise<number>;
	sweepLive(input: { known: readonly string[]; sessions: readonly string[] }): Promise<SweepAnswer>;
	/** Base64 of 32 bytes, the same for all pages of the impersonation [R14]. */
	storeKeyOf(impersonationId: string): string;
	/** How far a page is sealed, and whether its picture was lost by then. */
	readSealed(actor: SystemActor, input: { pageId: string }): Promise<Sealed | null>;
	/** What a page shows after its last batch, without asking it. */
	readPicture(actor: SystemActor, input: { pageId: string }): Promise<PagePicture>;
	/** Has the page sealed soon, by somebody. */
	askSeal(pageId: string): Promise<void>;
	/** A moderator's page is looked at: what wants a second person is open for a few seconds more. */
	noteLook(actor: StaffActor, input: { impersonationId: string; hubId: string }): Promise<void>;
	/** What makes a session worth a look so far. */
	readRisks(actor: SystemActor, input: { impersonationId: string }): Promise<RiskReason[]>;
	/** Chat, raised hands, what was shown. */
	help: HelpRows;
	/** Who steers, and who may. */
	control: ControlRows;
	readEntry(actor: SystemActor, which: WhichEntry): Promise<FoundEntry | null>;
};
