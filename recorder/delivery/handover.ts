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
	// Opened ahead: a document that is going away has no turn left in which an opening could succeed.
	let database: IDBDatabase | null = null;
	const opened = openDatabase().then((it) => (database = it));
	return {
		put: (handover) => {
			const size = handover.batches.reduce((sum, batch) => sum + batch.length, 0);
			if (size <= HANDOVER_CHARACTERS && keepInSession(handover)) return;
			inTable(database, 'readwrite', (table) => table.put(handover, handover.pageId));
		},
		all: async () => [...readSession(), ...(await readTable(await opened))],
		remove: (pageId) => {
			attempt(() => sessionStorage.removeItem(PREFIX + pageId));
			inTable(database, 'readwrite', (table) => table.delete(pageId));
		},
		clear: () => {
			attempt(() => sessionKeys().forEach((key) => sessionStorage.removeItem(key)));
			inTable(database, 'readwrite', (table) => table.clear());
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

function openDatabase(): Promise<IDBDatabase | null> {
	return new Promise((resolve) => {
		const opening = attempt(() => indexedDB.open(DATABASE, 1));
		if (!opening) return resolve(null);
		opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(TABLE));
		opening.addEventListener('error', () => resolve(null));
		opening.addEventListener('blocked', () => resolve(null));
		opening.addEventListener('success', () => resolve(opening.result));
	});
}

/** Runs one request and commits at once, since there may be no later turn. */
function inTable<T>(
	database: IDBDatabase | null,
	mode: IDBTransactionMode,
	work: (table: IDBObjectStore) => IDBRequest<T>
): IDBRequest<T> | undefined {
	return attempt(() => {
		const transaction = database?.transaction(TABLE, mode, { durability: 'relaxed' });
		const request = transaction && work(transaction.objectStore(TABLE));
		transaction?.commit();
		return request;
	});
}

function readTable(database: IDBDatabase | null): Promise<Handover[]> {
	return new Promise((resolve) => {
		const request = inTable<unknown[]>(database, 'readonly', (table) => table.getAll());
		if (!request) return resolve([]);
		request.addEventListener('error', () => resolve([]));
		request.addEventListener('success', () =>
			resolve(request.result.map(toHandover).filter((it) => it !== null))
		);
	});
}
