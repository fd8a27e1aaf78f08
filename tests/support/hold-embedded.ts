// A process of its own that starts the embedded database, writes one row and then waits to be killed.
import postgres from 'postgres';
import { startEmbedded } from '#server/db/embedded/start-embedded.ts';

const server = await startEmbedded(process.argv[2] ?? '');
const target = { host: server.socketDir, port: 5432, username: 'postgres', database: 'postgres' };
// Standard output is for the one line below.
const sql = postgres({ ...target, onnotice: () => {} });
await sql`CREATE TABLE IF NOT EXISTS kept (n int)`;
await sql`INSERT INTO kept VALUES (1)`;
process.stdout.write(`${JSON.stringify({ socketDir: server.socketDir, attached: server.attached })}\n`);
setInterval(() => {}, 1000);
