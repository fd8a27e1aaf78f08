// What sealing and its reading side are given.
import type { Db } from '#server/db/types.ts';
import type { Ids } from '#server/ports/ids.ts';
import type { LiveLog } from '#server/ports/live-log.ts';
import type { Signal } from '#server/ports/signals.ts';
import type { BlockStore } from '#server/recordings/block-store.ts';
import type { SealProcess } from '#server/recordings/seal-process.ts';
import type { StoredKeys } from '#server/recordings/stored-keys.ts';

export type SealDeps = {
	db: Db;
	liveLog: LiveLog;
	store: BlockStore;
	keys: StoredKeys;
	sealer: SealProcess;
	ids: Ids;
	now(): number;
	publish(signal: Signal): Promise<void>;
};
