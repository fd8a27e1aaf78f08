// The postgres.js client as Drizzle gets it: a statement that comes again is prepared, once for each connection.
// Drizzle's driver asks for none to be, and PostgreSQL then parses and plans every query anew, in two round trips
// instead of one; reading an impersonation's standing joins eight tables, and planning that costs more than running it.
import type postgres from 'postgres';

/**
 * Prepared statements live as long as their connection (postgres.js renews connections within the hour), each with its
 * plan in the server's memory. The product has some two hundred texts; the rest are lists of changing length.
 */
const MAX_TEXTS = 400;

/**
 * Stands in a text whose best plan depends on what is searched for: a word of every other title wants another one than a
 * word of one. Such a text is planned each time, with its parameters known.
 */
export const PLANNED_ANEW = '/* planned anew */';

/** A text this long is a bulk insert: its like does not come again. */
const MAX_CHARS = 20_000;

type Unsafe = postgres.Sql['unsafe'];
type Work = (scope: postgres.TransactionSql) => unknown;

/** Says of each text whether it is worth preparing: from its second time on, and while it is among the latest used. */
export function createTextMemory(limit = MAX_TEXTS): (text: string) => boolean {
	const seen = new Set<string>();
	return (text) => {
		if (text.length > MAX_CHARS || text.includes(PLANNED_ANEW)) return false;
		const comesAgain = seen.delete(text);
		// Deleted and added again it is the youngest: the first of a Set is the one not used for longest.
		seen.add(text);
		for (const oldest of seen) {
			if (seen.size <= limit) break;
			seen.delete(oldest);
		}
		return comesAgain;
	};
}

/** Whether the transaction of a client is over. */
type Scope = { isOver: boolean };

const LOST: ReadonlySet<unknown> = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED']);

/** Drizzle wraps what the client says. */
const isLost = (error: unknown): boolean => {
	const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
	return LOST.has(code) || LOST.has(cause?.code);
};

/**
 * Runs the work of one transaction, but never settles once its connection is lost. postgres.js would answer with a commit
 * or a rollback on a connection that is dead, which throws where nobody can catch it, or that somebody else got meanwhile,
 * whose transaction it would end. It tells the caller of the loss by itself.
 */
async function whileConnected(scope: Scope, work: () => unknown): Promise<unknown> {
	const never = new Promise<never>(() => {});
	try {
		const result = await work();
		return scope.isOver ? await never : result;
	} catch (error) {
		if (scope.isOver || isLost(error)) return never;
		throw error;
	}
}

/**
 * The same client, preparing what comes again, in transactions and savepoints too.
 * Texts without parameters keep the simple protocol, which alone takes several statements at once.
 *
 * A client of a transaction refuses to work after it: once a connection is lost, the rest of the work would else run by
 * itself, or inside whoever got the connection next.
 */
export function preparedClient<Client extends postgres.Sql | postgres.TransactionSql>(
	client: Client,
	comesAgain = createTextMemory(),
	scope: Scope = { isOver: false }
): Client {
	const unsafe: Unsafe = (text, parameters, options) => {
		if (scope.isOver) throw new Error('the transaction of this statement is over');
		return parameters?.length
			? client.unsafe(text, parameters, { ...options, prepare: comesAgain(text) })
			: client.unsafe(text);
	};
	/** `begin` and `savepoint` take their work last and hand it a client of their own. */
	const scoped =
		(open: (...given: unknown[]) => Promise<unknown>) =>
		async (...given: unknown[]): Promise<unknown> => {
			const work = given.pop() as Work;
			const inner: Scope = { isOver: false };
			const run = (opened: postgres.TransactionSql) =>
				whileConnected(inner, () => work(preparedClient(opened, comesAgain, inner)));
			try {
				return await open(...given, run);
			} finally {
				inner.isOver = true;
			}
		};
	return new Proxy(client, {
		get(target, key) {
			if (key === 'unsafe') return unsafe;
			const value: unknown = Reflect.get(target, key);
			const opens = (key === 'begin' || key === 'savepoint') && typeof value === 'function';
			return opens ? scoped(value as (...given: unknown[]) => Promise<unknown>) : value;
		}
	});
}
