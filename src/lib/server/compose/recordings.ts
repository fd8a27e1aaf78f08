// Use cases of recordings: seal, find, open, replay; and what a live page shows beside the picture.
import { BlockReader } from '../recordings/block-reader.ts';
import { BlockStore } from '../recordings/block-store.ts';
import { SealProcess } from '../recordings/seal-process.ts';
import { StoredKeys } from '../recordings/stored-keys.ts';
import { PersonalKeys } from '../recordings/personal-keys.ts';
import { compactRecordings } from '../usecases/recordings/compact-recordings.ts';
import { countToIndex, indexRecordings } from '../usecases/recordings/index-recordings.ts';
import { findRecordings } from '../usecases/recordings/find-recordings.ts';
import { forgetErased } from '../usecases/recordings/forget-erased.ts';
import { importRecording } from '../usecases/recordings/import-recording.ts';
import { listRecordings } from '../usecases/recordings/list-recordings.ts';
import { lookBack } from '../usecases/recordings/look-back.ts';
import { openReplay } from '../usecases/recordings/open-replay.ts';
import { readBlock } from '../usecases/recordings/read-block.ts';
import { readFilm } from '../usecases/recordings/read-film.ts';
import { readPicture } from '../usecases/recordings/read-picture.ts';
import { readPersonal } from '../usecases/recordings/read-personal.ts';
import { readRecording } from '../usecases/recordings/read-recording.ts';
import { readSupervised } from '../usecases/recordings/read-supervised.ts';
import { readTail } from '../usecases/recordings/read-tail.ts';
import type { SealDeps } from '../usecases/recordings/seal-deps.ts';
import { sealLeft } from '../usecases/recordings/seal-left.ts';
import { readSearchChoices, searchSeen } from '../usecases/recordings/search-seen.ts';
import { sealPage } from '../usecases/recordings/seal-page.ts';
import { unmaskRecording } from '../usecases/recordings/unmask-recording.ts';
import type { Parts } from './parts.ts';
import { composeRecordedAssets } from './recorded-assets.ts';

/** The hub asks for a page about ten seconds after something came: what is that old goes into a block, full or not. */
const REST_AFTER_MS = 8_000;

/** Of a recording that was made elsewhere: fonts of the same build are here, too, on the player's host. */
const ownFontsOf =
	({ config }: Parts) =>
	(address: string): string | null => {
		const [path] = /\/_app\/immutable\/assets\/[\w.-]+\.woff2$/.exec(address) ?? [];
		return path === undefined ? null : config.replayOrigin + path;
	};

export function composeRecordings(parts: Parts, sealer = new SealProcess()) {
	const { db, act, liveLog, blobs, ids, clock, signals, masterKey: master, log } = parts;
	const keys = new StoredKeys({ db, master });
	const store = new BlockStore({ db, blobs });
	const reader = new BlockReader({ db, store, keys });
	const sealing: SealDeps = {
		db,
		liveLog,
		store,
		keys,
		sealer,
		ids,
		now: () => clock.now(),
		publish: (signal) => signals.publish(signal)
	};
	const seal = sealPage(sealing);
	const sealRest = (pageId: string): Promise<number> => seal(pageId, { restAfterMs: REST_AFTER_MS });
	/** Lets go of what is held in memory of an erased page. */
	const forget = (pageId: string): Promise<void> => {
		reader.forget(pageId);
		return sealer.forget(pageId);
	};
	const onError = (err: unknown): void => log.error({ event: 'recording.forget_failed', err });
	signals.subscribe(forgetErased({ db, forget, onError }));
	return {
		list: listRecordings({ db, liveLog }),
		find: findRecordings({ act, db, liveLog }),
		read: readRecording({ db, liveLog }),
		readSupervised: readSupervised({ db }),
		readFilm: readFilm({ db, liveLog }),
		readBlock: readBlock({ db, reader }),
		readTail: readTail(sealing),
		readPicture: readPicture(sealing),
		...composeRecordedAssets(parts, store),
		openReplay: openReplay({ act, db }),
		lookBack: lookBack({ act, db }),
		unmask: unmaskRecording({ act, db }),
		readPersonal: readPersonal({ db, liveLog, reader, personalKeys: new PersonalKeys({ db, ids, master }) }),
		bringIn: importRecording({ ...sealing, seal: sealRest, allowedAssets: ownFontsOf(parts) }),
		seal: sealRest,
		sealLeft: sealLeft({
			...sealing,
			onError: (err, pageId) => log.error({ event: 'recording.seal_failed', pageId, err })
		}),
		index: indexRecordings({
			...sealing,
			onError: (err, pageId) => log.error({ event: 'recording.index_failed', pageId, err })
		}),
		countToIndex: countToIndex({ db }),
		search: searchSeen({ act, db }),
		readSearchChoices: readSearchChoices({ db }),
		compact: compactRecordings({
			...sealing,
			onError: (err, pageId) => log.error({ event: 'recording.compact_failed', pageId, err })
		}),
		sweepObjects: () => store.sweep(),
		forget
	};
}
