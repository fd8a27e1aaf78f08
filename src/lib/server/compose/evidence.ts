// Use cases of evidence packs.
import path from 'node:path';
import { readBuiltParts } from '../evidence/built-parts.ts';
import { evidenceAddress, fingerprintOf } from '../evidence/pack-format.ts';
import { BlockStore } from '../recordings/block-store.ts';
import { StoredKeys } from '../recordings/stored-keys.ts';
import { exportEvidence, type MakeDeps } from '../usecases/evidence/make-pack.ts';
import { readEvidence } from '../usecases/evidence/read-evidence.ts';
import type { composeLog } from './log.ts';
import type { Parts } from './parts.ts';

type Beside = { signHeads: ReturnType<typeof composeLog>['signHeads']; parts?: MakeDeps['parts'] };

export function composeEvidence(
	{ db, act, liveLog, blobs, clock, config, masterKey: master, signingKey }: Parts,
	{ signHeads, parts = readBuiltParts }: Beside
) {
	const deps: MakeDeps = {
		db,
		act,
		liveLog,
		store: new BlockStore({ db, blobs }),
		keys: new StoredKeys({ db, master }),
		master,
		signer: signingKey,
		parts,
		now: () => clock.now(),
		folder: path.join(config.dataDir, 'evidence'),
		checkAt: evidenceAddress(config.agencyOrigin),
		signHeads
	};
	const fingerprint = fingerprintOf(signingKey.publicKey);
	return {
		export: exportEvidence(deps),
		read: readEvidence({ db, keyFingerprint: fingerprint }),
		publicKey: { pem: signingKey.publicPem, fingerprint },
		readVerifier: async () => (await parts()).verifier
	};
}
