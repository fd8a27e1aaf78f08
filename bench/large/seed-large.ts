// Fills one agency with as much as the figures of the project ask for, in minutes: PostgreSQL makes the rows itself, without
// indexes and foreign keys in the way, and gets its indexes back at the end. For benchmarks and trials, on a database
// of their own; nothing of it is anybody's action.
import type postgres from 'postgres';
import { migrate } from '#server/db/migrate.ts';
import { ROWS_PER_CLIENT, type Scale } from './large-scale.ts';
import { seedLog } from './seed-log.ts';
import { fills, insertOf, type Fill } from './seed-tables.ts';
import { FUNCTIONS } from './seed-words.ts';

type Index = { name: string; definition: string };

/** Plain indexes of the tables; those behind a key stay, since keys are what rows are told apart by. */
const indexesOf = (owner: postgres.Sql, tables: readonly string[]) => owner<Index[]>`
	SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ${owner(tables)}
		AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('%I', indexname)::regclass)`;

type Seed = {
	scale: Scale;
	/** `staffRole` is the colleagues' role. */
	fills(scale: Scale, staffRole: string): Fill[];
	/** Of each client, in the log. */
	each: { action: number; impersonation: number };
};

async function fillTables(owner: postgres.Sql, agencyId: string, { scale, fills }: Seed): Promise<void> {
	const [role] = await owner<{ id: string }[]>`
		SELECT id FROM role WHERE agency_id = ${agencyId} AND key = 'assignee'`;
	const session = await owner.reserve();
	try {
		await session.unsafe(FUNCTIONS);
		// References are right by how ids are made; checking six million of them would take longer than all the rest.
		await session.unsafe("SET session_replication_role = replica; SET work_mem = '256MB'");
		for (const fill of fills(scale, role?.id ?? '')) await session.unsafe(insertOf(fill, agencyId));
		await session.unsafe('RESET ALL');
	} finally {
		session.release();
	}
}

/**
 * Fills the agency. `owner` is the owner of the tables and may skip triggers (the embedded server's superuser).
 * @throws Error when the agency's log is not empty: its chain could not be continued honestly
 */
export async function seedWith(owner: postgres.Sql, agencyId: string, seed: Seed): Promise<void> {
	await migrate(owner);
	const [log] = await owner`SELECT FROM action LIMIT 1`;
	if (log) throw new Error('the log is not empty: seed a fresh database');
	const tables = [...seed.fills(seed.scale, '').map(({ table }) => table), 'action', 'action_details'];
	const indexes = await indexesOf(owner, tables);
	for (const { name } of indexes) await owner.unsafe(`DROP INDEX ${name}`);
	await fillTables(owner, agencyId, seed);
	// Not even the owner adds to the log past its rules: these rows are copied in like any others, linked by their hashes.
	await seedLog(owner, agencyId, seed.scale, seed.each);
	await owner.unsafe("SET maintenance_work_mem = '512MB'");
	for (const { definition } of indexes) await owner.unsafe(definition);
	// The rows were copied in past the triggers that keep these.
	await owner.unsafe('SELECT tally_all(), all_visits()');
	await owner.unsafe('VACUUM (ANALYZE)');
	await owner.unsafe('CHECKPOINT');
}

/** The agency with as much of everything as belongs to so many clients. */
export const seedLarge = (owner: postgres.Sql, agencyId: string, scale: Scale): Promise<void> =>
	seedWith(owner, agencyId, { scale, fills, each: ROWS_PER_CLIENT });
