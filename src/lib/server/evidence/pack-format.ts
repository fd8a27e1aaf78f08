// What an evidence pack is: its members' names, its manifest, what of it is signed. Stored format [H4]: README.md.
import { createHash, type KeyObject } from 'node:crypto';

export const FORMAT = 'switchback.evidence.1';

export const INDEX = 'recording/index.json';
export const ACTIONS = 'actions.ndjson';
export const CHAIN = 'chain.ndjson';
export const VIEWS = 'views.ndjson';
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'signature.json';

/** What every pack holds beside blocks; the last two are not in the manifest, since they hold it. */
export const MEMBERS = ['summary.html', 'player.html', 'verify.mjs', INDEX, ACTIONS, CHAIN, VIEWS] as const;
export const LAST = [MANIFEST, SIGNATURE] as const;

/** Attack: a few bytes that unpack to all memory. No member of ours comes near. */
export const MAX_MEMBER_BYTES = 256 * 1024 * 1024;
/** Four bytes hold a member's place. */
export const MAX_PACK_BYTES = 0xffff_ffff;
export const MAX_MEMBERS = 0xffff;

/** What our writer writes, and nothing that could lead out of the folder in which somebody unpacks it. */
export const isName = (name: string): boolean =>
	/^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/.test(name) && !name.includes('..');

export type ManifestMember = {
	name: string;
	bytes: number;
	/** Of what is in it, and of how it lies in the file. */
	sha256: string;
	packedSha256: string;
};

export type Manifest = {
	format: typeof FORMAT;
	agencyId: string;
	impersonationId: string;
	agency: string;
	client: string;
	contact: string;
	staff: string;
	/** ISO 8601. */
	madeAt: string;
	/** See `recordingHash`. */
	recordingHash: string | null;
	members: ManifestMember[];
};

/** As they lie in recording/index.json, as far as the proof goes. */
export type ProvenBlock = { id: string; firstSeq: number; lastSeq: number; toAt: number; batchHash: string };
type ProvenPage = { pageId: string; address: string; lastEventAt: number; blocks: ProvenBlock[] };
export type ProvenIndex = {
	pages: ProvenPage[];
	/** Addresses of pages that had a picture of which no block is left, though nobody erased it. */
	lostPages: string[];
	erasedPages: number;
};

/** Rows that end an impersonation: they count the rows before them, and hold a hash over what was looked at. */
export const ENDS: ReadonlySet<string> = new Set(['impersonation.ended', 'visit.ended']);

/** The row that says that words of a client's rows were erased; of no impersonation, and in a pack for nothing else. */
export const ERASURE = 'client.erased';

/**
 * Rows whose words stay with the agency, and are told by their hash: what it did with the recording afterwards, what its people wrote to
 * each other. A test holds this against the catalogue of actions.
 */
export const KEPT_BACK: ReadonlySet<string> = new Set([
	ERASURE,
	'watch.wrote',
	'impersonation.wrote',
	'impersonation.noted',
	'alert.settled',
	'alert.reopened',
	'mail.released',
	'mail.cancelled',
	'recording.replayed',
	'recording.unmasked',
	'recording.exported',
	'evidence.exported',
	'recording.erased',
	'recording.expired',
	'recording.commented',
	'recording.comment_removed',
	'recording.bookmarked',
	'recording.bookmark_removed',
	'recording.held',
	'recording.hold_released',
	'review.assigned',
	'review.decided'
]);

/** A row of the log as its hash was made of it, with its words. */
export type PackedRow = {
	seq: string;
	agencyId: string;
	at: string;
	clientId: string | null;
	contactId: string | null;
	actorKind: string;
	actorStaffId: string | null;
	impersonationId: string | null;
	pageId: string | null;
	action: string;
	subjectType: string | null;
	subjectId: string | null;
	outcome: 'done' | 'refused';
	refusal: string | null;
	detailsHash: string;
	previous: string;
	hash: string;
	/** base64; null with details that are kept back, or were erased. */
	salt: string | null;
	details: string | null;
};

export type PackedView = {
	id: string;
	at: string;
	kind: string;
	address: string;
	subjectType: string | null;
	subjectId: string | null;
	status: number;
	label: string | null;
};

export type SignedHead = { seq: string; rows: string; hash: string; signature: string };

/** The way from a row to a signed head. `blind`: a row of somebody else, told by its hash alone (hash-by-hand.ts). */
export type ChainLink =
	{ start: string } | { row: string } | { blind: [string, number, string] } | { head: SignedHead };

export const sha256 = (...parts: (string | Uint8Array)[]): string => {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return hash.digest('hex');
};

/** What people compare: SHA-256 of the key itself, whatever file it lies in. */
export const fingerprintOf = (key: KeyObject): string => sha256(key.export({ type: 'spki', format: 'der' }));

export const signedBytes = (
	{ agencyId, impersonationId }: Pick<Manifest, 'agencyId' | 'impersonationId'>,
	manifestText: string
): Buffer => Buffer.from(JSON.stringify([FORMAT, agencyId, impersonationId, sha256(manifestText)]));

/** Where on the agency's host its key and the verifier are shown to everybody [H4]: it stands in packs. */
export const evidenceAddress = (agencyOrigin: string): string => `${agencyOrigin}/evidence`;

/** What of a chain's head was signed (usecases/log/sign-heads.ts; a test holds the two together). */
export const headText = (agencyId: string, { seq, rows, hash }: Omit<SignedHead, 'signature'>): Buffer =>
	Buffer.from(JSON.stringify(['switchback.head.1', agencyId, seq, rows, hash]));

export type SignatureFacts = { publicKey: string; keyFingerprint: string; signature: string };

export const signatureFile = ({ publicKey, keyFingerprint, signature }: SignatureFacts): string =>
	`${JSON.stringify({ algorithm: 'Ed25519', publicKey, keyFingerprint, signature }, null, '\t')}\n`;

/**
 * One hash for a recording: where each page's batch chain ended, in the order of the pages' ids. Stands in every pack, and in the row of
 * the log that tells of the recording's end, so that the two can be held against each other. Null where nothing was recorded.
 */
export const recordingHash = (
	pages: readonly { pageId: string; lastSeq: number; batchHash: string }[]
): string | null => {
	if (pages.length === 0) return null;
	const ends = pages.toSorted((a, b) => (a.pageId < b.pageId ? -1 : 1));
	return sha256(JSON.stringify(ends.map(({ pageId, lastSeq, batchHash }) => [pageId, lastSeq, batchHash])));
};
