// Sealed copies of batches in the browser: IndexedDB for all, sessionStorage beside it for last words, for browsers that
// give up a document's transactions with the document. Where storage is switched off it keeps nothing.
import { COPY_MAX_AGE_MS, SESSION_BYTES } from './limits.ts';
import type { CopyKey, Sealed } from './copy-seal.ts';
import { SessionCopies } from './session-copies.ts';

export interface CopyStore {
	/** Works while the page is going away: nothing depends on a later turn. */
	put(key: CopyKey, sealed: Sealed): void;
	/** The same for what is written last: twice, where it is small. */
	putLast(key: CopyKey, sealed: Sealed): void;
	/** Pages that left copies under this key. */
	pages(name: string): Promise<string[]>;
	read(name: string, pageId: string): Promise<Sealed[]>;
	remove(key: CopyKey): void;
	removePage(name: string, pageId: string): void;
	/** Removes all under this key; works while the page is going away. */
	wipe(name: string): void;
	/** Removes what is sealed under any other key, or is too old. */
	wipeOthers(name: string): Promise<void>;
}

const DATABASE = 'switchback-recorder';
const TABLE = 'copies';
/** 2: sealed. What version 1 held was not, so it goes at the upgrade. */
const VERSION = 2;

/** The store of this browser. Opened ahead: a document that goes away has no turn left in which that could succeed. */
export function openCopyStore(): CopyStore {
	let database: IDBDatabase | null = null;
	const opened = openDatabase().then((it) => (database = it));
	const session = new SessionCopies();
	const write = (work: (table: IDBObjectStore) => IDBRequest): void =>
		void inTable(database, 'readwrite', work);
	const keys = async (): Promise<CopyKey[]> => {
		await opened;
		const found = await answer(inTable(database, 'readonly', (table) => table.getAllKeys()));
		return ((found ?? []) as CopyKey[]).filter(Array.isArray);
	};
	return {
		put: (key, sealed) => write((table) => table.put(sealed, key)),
		putLast: (key, sealed) => {
			write((table) => table.put(sealed, key));
			if (sealed.bytes.length <= SESSION_BYTES) session.put(key, sealed);
		},
		pages: async (name) => {
			const all = [...(await keys()), ...session.keys()];
			return [...new Set(all.filter(([of]) => of === name).map(([, pageId]) => pageId))];
		},
		read: async (name, pageId) => {
			await opened;
			const found = await answer(
				inTable(database, 'readonly', (table) => table.getAll(ofPage(name, pageId)))
			);
			return [...((found ?? []) as Sealed[]), ...session.read(name, pageId)];
		},
		remove: (key) => write((table) => table.delete(key)),
		removePage: (name, pageId) => {
			write((table) => table.delete(ofPage(name, pageId)));
			session.remove((key) => key[0] === name && key[1] === pageId);
		},
		wipe: (name) => {
			write((table) => table.delete(IDBKeyRange.bound([name], [name, []])));
			session.remove((key) => key[0] === name);
		},
		wipeOthers: async (name) => {
			const isWorthless = ([of, , at]: CopyKey): boolean => of !== name || Date.now() - at > COPY_MAX_AGE_MS;
			session.remove(isWorthless);
			for (const key of (await keys()).filter(isWorthless)) write((table) => table.delete(key));
		}
	};
}

const ofPage = (name: string, pageId: string): IDBKeyRange =>
	IDBKeyRange.bound([name, pageId], [name, pageId, []]);

function openDatabase(): Promise<IDBDatabase | null> {
	return new Promise((resolve) => {
		const none = (): void => resolve(null);
		try {
			const opening = indexedDB.open(DATABASE, VERSION);
			opening.addEventListener('upgradeneeded', () => {
				const { result } = opening;
				for (const name of result.objectStoreNames) result.deleteObjectStore(name);
				result.createObjectStore(TABLE);
			});
			opening.addEventListener('error', none);
			opening.addEventListener('blocked', none);
			opening.addEventListener('success', () => {
				// A newer release in another tab must not wait for this one.
				opening.result.addEventListener('versionchange', () => opening.result.close());
				resolve(opening.result);
			});
		} catch {
			// Storage is switched off or forbidden; the recorder goes on with what memory holds.
			none();
		}
	});
}

/** Runs one request and commits at once, since there may be no later turn. */
function inTable<T>(
	database: IDBDatabase | null,
	mode: IDBTransactionMode,
	work: (table: IDBObjectStore) => IDBRequest<T>
): IDBRequest<T> | undefined {
	try {
		const transaction = database?.transaction(TABLE, mode, { durability: 'relaxed' });
		const request = transaction && work(transaction.objectStore(TABLE));
		transaction?.commit();
		return request;
	} catch {
		// Full, closed or gone: what memory and the hub hold is all there is.
		return undefined;
	}
}

function answer<T>(request: IDBRequest<T> | undefined): Promise<T | null> {
	return new Promise((resolve) => {
		if (!request) return resolve(null);
		request.addEventListener('error', () => resolve(null));
		request.addEventListener('success', () => resolve(request.result));
	});
}
