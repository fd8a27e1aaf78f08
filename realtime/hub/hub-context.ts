// What the parts of one hub share; made once in hub.ts.
import type { Namespace } from 'socket.io';
import type { WatchFromHub, WatchToHub } from '#protocol/index.ts';
import type { RecorderIdentity } from '#server/usecases/live/resolve-recorder.ts';
import type { ConnectionGate } from './connection-gate.ts';
import type { HubDependencies } from './dependencies.ts';
import type { ControlLine } from './control-line.ts';
import type { HelpLine } from './help-line.ts';
import type { LiveRooms, RecordNamespace } from './live-rooms.ts';
import type { HubVoice } from './hub-voice.ts';
import type { HubMetrics } from './metrics.ts';
import type { PageFeeds } from './page-feeds.ts';
import type { PageIntake } from './page-intake.ts';
import type { PagePictures } from './page-pictures.ts';
import type { PeerHubs } from './peer-hubs.ts';
import type { PulseWriter } from './pulse-writer.ts';
import type { Scribe } from '#realtime/scribe/scribe.ts';
import type { SealAsker } from './seal-asker.ts';
import type { RightsSweep } from './rights-sweep.ts';
import type { SnapshotAsker } from './snapshot-asker.ts';
import type { WatchConnections } from './watch-connections.ts';
import type { WatchPresence } from './watch-presence.ts';

export type HubContext = {
	deps: HubDependencies;
	now(): number;
	gate: ConnectionGate;
	metrics: HubMetrics;
	pages: RecordNamespace;
	watchNamespace: Namespace<WatchToHub, WatchFromHub>;
	rooms: LiveRooms;
	watchers: WatchConnections;
	pulses: PulseWriter;
	sealing: SealAsker;
	/** Writes batches as they may be kept. */
	scribe: Scribe;
	pictures: PagePictures;
	snapshots: SnapshotAsker;
	presence: WatchPresence;
	sweep: RightsSweep;
	voice: HubVoice;
	help: HelpLine;
	control: ControlLine;
	peers: PeerHubs;
	feeds: PageFeeds;
	/** The one intake of a page, whichever connection brings its batches. */
	intakeOf(identity: RecorderIdentity): PageIntake;
	/** True once a stop began: nothing new is taken. */
	isStopping(): boolean;
	/** Logs an unexpected error under the event's name; never throws. */
	onError(error: unknown, event: string): void;
};
