// What a document could not deliver before it was left, kept for the next document of the tab: sessionStorage, or
// IndexedDB when it is large. Holds the client's screen, so it is wiped as soon as it is delivered or worthless.
import { HANDOVER_CHARACTERS } from './limits.ts';

/** Batches of one page, in order, the first numbered `from`. */
export type Handover = { pageId: string; ticket: string; from: number; batches: string[] };

export interface HandoverStore {
	/** Must work while the page is going away: nothing may depend on a later turn. */
	put(handover: Handover): void;
	all(): Promise<Handover[]>;
	remove(pageId: string): void;
	clear(): void;
}

const PREFIX = 'switchback-recorder:';
const DATABASE = 'switchback-recorder';
const TABLE = 'handover';

/** The store of a browser tab. Where storage is switched off it keeps nothing, and the hub shows a gap. */
export function createHandoverStore(): HandoverStore {
	return {
		put: (handover) => {
			const size = handover.batches.reduce((sum, batch) => sum + batch.length, 0);
			const isKept = size <= HANDOVER_CHARACTERS && keepInSession(handover);
			if (!isKept) withTable('readwrite', (table) => table.put(handover, handover.pageId));
		},
		all: async () => [...readSession(), ...(await readTable())],
		remove: (pageId) => {
			attempt(() => sessionStorage.removeItem(PREFIX + pageId));
			withTable('readwrite', (table) => table.delete(pageId));
		},
		clear: () => {
			attempt(() => sessionKeys().forEach((key) => sessionStorage.removeItem(key)));
			withTable('readwrite', (table) => table.clear());
		}
	};
}

function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch {
		// Storage is full, forbidden or switched off; delivery goes on without a hand-over.
		return undefined;
	}
}

const sessionKeys = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

function keepInSession(handover: Handover): boolean {
	return (
		attempt(() => {
			sessionStorage.setItem(PREFIX + handover.pageId, JSON.stringify(handover));
			return true;
		}) ?? false
	);
}

function readSession(): Handover[] {
	const found = attempt(() => sessionKeys().map((key) => sessionStorage.getItem(key) ?? '')) ?? [];
	return found.flatMap(
		(text) => attempt(() => [toHandover(JSON.parse(text))].filter((it) => it !== null)) ?? []
	);
}

/** Any script of the origin can write there; a wrong shape is as good as nothing. */
function toHandover(value: unknown): Handover | null {
	const it = value as Partial<Handover> | null;
	const isShaped =
		typeof it?.pageId === 'string' &&
		typeof it.ticket === 'string' &&
		Number.isInteger(it.from) &&
		Array.isArray(it.batches);
	return isShaped && it.batches?.every((batch) => typeof batch === 'string') ? (it as Handover) : null;
}

function withTable(
	mode: IDBTransactionMode,
	work: (table: IDBObjectStore) => IDBRequest,
	done?: (result: unknown) => void
): void {
	const finish = (result?: unknown): void => done?.(result);
	const opening = attempt(() => indexedDB.open(DATABASE, 1));
	if (!opening) return finish();
	opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
	opening.onerror = () => finish();
	opening.onblocked = () => finish();
	opening.onsuccess = () => {
		const database = opening.result;
		const transaction = attempt(() => database.transaction(TABLE, mode, { durability: 'relaxed' }));
		const request = transaction && attempt(() => work(transaction.objectStore(TABLE)));
		if (!transaction || !request) return finish();
		transaction.oncomplete = () => {
			database.close();
			finish(request.result);
		};
		transaction.onabort = () => finish();
	};
}

function readTable(): Promise<Handover[]> {
	return new Promise((resolve) => {
		withTable(
			'readonly',
			(table) => table.getAll(),
			(rows) => resolve(Array.isArray(rows) ? rows.map(toHandover).filter((it) => it !== null) : [])
		);
	});
}
