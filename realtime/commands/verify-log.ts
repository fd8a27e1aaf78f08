// npm run verify-log: recomputes every agency's chain of the database that the settings name.
import { sql } from 'drizzle-orm';
import { readConfig, type Config } from '#server/config.ts';
import type { AgencyId } from '#domain/ids.ts';
import { openDatabase } from '#server/db/open-database.ts';
import type { Db } from '#server/db/types.ts';
import { readVerifyingKey } from '#server/sign-in/keys.ts';
import { verifyChain, type ChainState } from '#server/usecases/log/verify-chain.ts';
import { commandFolder } from './command-folder.ts';

type Verified = { name: string; state: ChainState };

async function verifyAll(db: Db, config: Config): Promise<Verified[]> {
	const agencies = await db.execute<{ id: AgencyId; name: string }>(
		sql`SELECT id, name FROM agency ORDER BY name`
	);
	const trusted = await readVerifyingKey(config.keysDir);
	if (!trusted)
		process.stdout.write(
			'KEYS_DIR holds no signing key: heads are checked with the key that the database names.\n'
		);
	const verified: Verified[] = [];
	for (const { id, name } of agencies)
		verified.push({ name, state: await verifyChain({ db, agencyId: id, trusted }) });
	return verified;
}

/** The contract's last line. Rows of several agencies share one numbering: the first broken, or the highest. */
export function lastLine(states: readonly ChainState[]): { line: string; isWhole: boolean } {
	const broken = states.flatMap((state) => (state.whole ? [] : [BigInt(state.brokenAt)]));
	const first = broken.toSorted((a, b) => (a < b ? -1 : 1))[0];
	if (first !== undefined) return { line: `broken at row ${first}`, isWhole: false };
	const last = states.reduce(
		(max, state) => (state.whole && BigInt(state.to) > max ? BigInt(state.to) : max),
		0n
	);
	return { line: `chain whole to row ${last}`, isWhole: last > 0n };
}

export default async function verifyLog(argv: readonly string[]): Promise<void> {
	const config = commandFolder(readConfig(), argv);
	const database = await openDatabase(config);
	try {
		const verified = await verifyAll(database.db, config);
		for (const { name, state } of verified) {
			const text = state.whole
				? `${state.rows} rows, whole`
				: `broken at row ${state.brokenAt}: ${state.fault}`;
			process.stdout.write(`${name}: ${text}\n`);
		}
		const { line, isWhole } = lastLine(verified.map(({ state }) => state));
		process.stdout.write(`${line}\n`);
		process.exitCode = isWhole ? 0 : 1;
	} finally {
		await database.close();
	}
}
