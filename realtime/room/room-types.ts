// What a live impersonation is made of, and what a step of it says is to be done.
import type { Mode } from '#domain/modes-and-reasons.ts';
import type { ControlState, Watcher } from '#protocol/index.ts';

export type RoomPage = {
	pageId: string;
	address: string;
	title: string;
	visible: boolean;
	openedAt: number;
	lastActiveAt: number;
	/** Id of its connection, or null once that is gone. */
	connection: string | null;
	/** When the connection went, or null while it is there. */
	goneAt: number | null;
	lastBeatAt: number | null;
	/** Its full snapshot is in the live log. */
	hasSnapshot: boolean;
	/** Number of the next batch the page may send. */
	nextSeq: number;
	/** Number of this process's claim of the page; of two hubs the higher one came later. */
	claim: number;
};

type RoomWatcher = { watcher: Watcher; connections: ReadonlySet<string> };

/** A page as everybody may be told of it. It is connected somewhere exactly while `goneAt` is null. */
export type ShownPage = Omit<RoomPage, 'connection' | 'nextSeq'>;

/** What one hub holds of an impersonation. */
export type PeerPart = { pages: readonly ShownPage[]; watchers: readonly Watcher[] };

/** What the database says about an impersonation; the room never decides any of it. */
export type Standing = {
	mode: Mode;
	expiresAt: number;
	idleLimitMs: number;
	lastActivityAt: number;
	frozen: { by: string; note: string; at: number } | null;
	/** A supervisor allows nothing but looking. */
	viewOnly?: { by: string; at: number } | null;
	control?: ControlState | null;
	hand?: { note: string; at: number } | null;
	zone?: { label: string; isOpen: boolean } | null;
	showWatchers: boolean;
};

export type Recording = 'waiting' | 'live' | 'silent';

export type RoomState = {
	impersonationId: string;
	standing: Standing;
	/** Pages and watchers of this hub's own. */
	pages: ReadonlyMap<string, RoomPage>;
	watchers: ReadonlyMap<string, RoomWatcher>;
	/** What each other hub holds, by its id. */
	peers: ReadonlyMap<string, PeerPart>;
	recording: Recording;
	activePageId: string | null;
	ended: { at: number; reason: string; flushed: boolean } | null;
	/** The idle limit the pages were last told, so that they are told again before it misleads them. */
	toldIdleAt: number;
};

export type RoomEffect =
	/** Another connection of the same page takes over: this one is closed. */
	| { do: 'replace'; connection: string }
	| { do: 'tell-pages' }
	| { do: 'tell-watchers' }
	| { do: 'relay'; pageId: string; seq: number }
	| { do: 'tell-ended'; reason: string }
	/** The time to flush is over: disconnect everyone and forget the room. */
	| { do: 'close' };

export type Step = { state: RoomState; effects: RoomEffect[] };
