// The rows of the log in a pack: each one, its place in the agency's chain, and whether all are there. Belongs to the verifier
// that is shipped: Node and its neighbours, nothing else.
import { verify, type KeyObject } from 'node:crypto';
import { hashFrom } from './hash-by-hand.ts';
import {
	ACTIONS,
	CHAIN,
	ENDS,
	ERASURE,
	headText,
	KEPT_BACK,
	sha256,
	VIEWS,
	type ChainLink,
	type Manifest,
	type PackedRow,
	type PackedView
} from './pack-format.ts';
import { hold, linesOf, parsed, type Pack } from './verify-zip.ts';

/** In the order of a row's hash: the version word stands before them, the previous row's hash behind them. */
const FIELDS = [
	'seq',
	'agencyId',
	'at',
	'clientId',
	'contactId',
	'actorKind',
	'actorStaffId',
	'impersonationId',
	'pageId',
	'action',
	'subjectType',
	'subjectId',
	'outcome',
	'refusal',
	'detailsHash'
] as const satisfies readonly (keyof PackedRow)[];

const hashOf = (row: PackedRow): string =>
	sha256(JSON.stringify(['switchback.action.1', ...FIELDS.map((field) => row[field]), row.previous]));

const HASH = /^[0-9a-f]{64}$/;

export type Rows = Map<string, PackedRow>;

/** @throws Broken at the first row that is not what was hashed */
export async function readActions(pack: Pack, manifest: Manifest): Promise<Rows> {
	const rows: Rows = new Map();
	let last = 0n;
	for (const row of await linesOf<PackedRow>(pack, ACTIONS)) {
		const at = `row ${row.seq}`;
		hold(/^\d+$/.test(row.seq) && BigInt(row.seq) > last, at, 'the rows are not in their order');
		last = BigInt(row.seq);
		const isOfIt = row.impersonationId === manifest.impersonationId || isErasure(row);
		hold(row.agencyId === manifest.agencyId && isOfIt, at, 'it is of another impersonation');
		hold(hashOf(row) === row.hash, at, 'it was changed');
		// Whether details may be missing: `countWordless`. Details that are there must be the ones that were hashed.
		const isSame =
			row.details === null || sha256(Buffer.from(row.salt ?? '', 'base64'), row.details) === row.detailsHash;
		hold(isSame, at, 'its details were changed');
		rows.set(row.seq, row);
	}
	return rows;
}

const isErasure = ({ action, outcome, impersonationId }: PackedRow): boolean =>
	action === ERASURE && outcome === 'done' && impersonationId === null;

export type Wordless = { keptBack: number; erased: number };

/**
 * Counts rows without words. Attack: whoever makes a pack leaves out the words that tell against them, or those of the end, by which
 * all others are counted, and says nothing.
 * @throws Broken at the first row whose words nobody erased
 */
export function countWordless(rows: Rows): Wordless {
	const all = [...rows.values()];
	const erasure = all.find(isErasure);
	const wordless = all.filter(({ details }) => details === null);
	const erased = wordless.filter(({ action }) => !KEPT_BACK.has(action));
	for (const row of erased) {
		const isTold =
			erasure?.clientId != null && erasure.clientId === row.clientId && BigInt(erasure.seq) > BigInt(row.seq);
		hold(isTold, `row ${row.seq}`, 'its details are missing, and no row says that they were erased');
	}
	return { keptBack: wordless.length - erased.length, erased: erased.length };
}

/** Walks the links from one row to the next signed head, and so on. */
class Walk {
	private readonly waiting: PackedRow[];
	private readonly agencyId: string;
	private readonly key: KeyObject;
	/** The hash of the row before, or null where a stretch of the chain ended at a signed head. */
	private previous: string | null = null;
	private at: string = CHAIN;

	constructor(rows: Rows, agencyId: string, key: KeyObject) {
		this.waiting = [...rows.values()];
		this.agencyId = agencyId;
		this.key = key;
	}

	step(link: ChainLink): void {
		if ('start' in link) {
			hold(this.previous === null && HASH.test(link.start), this.at, 'no signed head follows it');
			this.previous = link.start;
			return;
		}
		hold(this.previous !== null, CHAIN, 'it goes on behind its end');
		if ('row' in link) this.previous = this.own(link.row, this.previous);
		else if ('blind' in link) this.previous = this.blind(link.blind, this.previous);
		else this.head(link.head, this.previous);
	}

	finish(): void {
		const left = this.waiting[0];
		hold(!left, `row ${left?.seq}`, 'nothing shows where in the chain it stands');
		hold(this.previous === null, this.at, 'no signed head follows it');
	}

	private own(seq: string, previous: string): string {
		this.at = `row ${seq}`;
		const row = this.waiting.shift();
		hold(row?.seq === seq, this.at, 'it is missing, or the rows are not in their order');
		hold(row.previous === previous, this.at, 'a row before it is missing or was changed');
		return row.hash;
	}

	private blind([state, bytes, rest]: [string, number, string], previous: string): string {
		const isForm = HASH.test(state) && bytes % 64 === 0 && /^[0-9a-f]{0,60}"?,?"?$/.test(rest);
		hold(isForm, this.at, 'what follows it in the chain is damaged');
		return hashFrom(state, bytes, `${rest}${previous}"]`);
	}

	private head({ signature, ...head }: Extract<ChainLink, { head: object }>['head'], previous: string): void {
		hold(head.hash === previous, this.at, 'the chain does not lead from it to the signed head');
		const isSigned = verify(null, headText(this.agencyId, head), this.key, Buffer.from(signature, 'base64'));
		hold(isSigned, `the head at row ${head.seq}`, 'its signature does not fit');
		this.previous = null;
	}
}

/** Each row leads to a head that the installation signed. Rows of others in between are told by their hashes alone. */
export async function checkChain(pack: Pack, manifest: Manifest, rows: Rows, key: KeyObject): Promise<void> {
	const walk = new Walk(rows, manifest.agencyId, key);
	for (const link of await linesOf<ChainLink>(pack, CHAIN)) walk.step(link);
	walk.finish();
}

type End = { actions: number; views: number; viewsHash: string | null };

/** The text that the row of the end holds a hash over. */
const viewText = ({ id, at, kind, address, subjectType, subjectId, status }: PackedView): string =>
	[id, at, kind, address, subjectType, subjectId, String(status)].filter((it) => it !== null).join('|');

/**
 * The row of the end counts the actions before it and holds a hash over every view: none can be left out.
 * @returns how many views, and whether the row of the end still has its words to prove that they are all
 */
export async function checkViews(pack: Pack, rows: Rows): Promise<{ views: number; areProven: boolean }> {
	const views = await linesOf<PackedView>(pack, VIEWS);
	const end = [...rows.values()].find(({ action, outcome }) => ENDS.has(action) && outcome === 'done');
	hold(end, ACTIONS, 'the row of the end is missing');
	if (end.details === null) return { views: views.length, areProven: false };
	const at = `row ${end.seq}`;
	const said = parsed<End>(end.details, at);
	const before = [...rows.keys()].filter((seq) => BigInt(seq) < BigInt(end.seq)).length;
	// One that was being refused at that moment may stand before it and not be counted; one that was counted cannot be gone.
	hold(before >= said.actions, at, `it counts ${said.actions} actions before it, and here are ${before}`);
	const hash = views.length === 0 ? null : sha256(views.map(viewText).join('\n'));
	const isAll = views.length === said.views && hash === said.viewsHash;
	hold(isAll, VIEWS, 'what was looked at is not what the row of the end holds');
	return { views: views.length, areProven: true };
}
