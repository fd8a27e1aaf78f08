import type { PostgresJsDatabase, PostgresJsTransaction } from 'drizzle-orm/postgres-js';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type * as schema from './schema/index.ts';

/** Drizzle over the application's role: may read, may not change the log. */
export type Db = PostgresJsDatabase<typeof schema>;
/** An open transaction; only the gate hands out one that may write. */
export type Tx = PostgresJsTransaction<typeof schema, ExtractTablesWithRelations<typeof schema>>;
/** Either; for reads that run inside or outside a change. */
export type Reader = Db | Tx;
