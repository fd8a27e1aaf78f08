// The one-time link in the newest mail to somebody, whether that mail still waits or was sent: sending takes the link out
// of the database and leaves it in the mail's file.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { Db } from '#server/db/types.ts';

const LINK = /https?:\/\/\S+\/(?:invitation|forgot)\/[\w-]{43}/;

async function inFiles(folder: string, address: string): Promise<string> {
	const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
	const mails = await Promise.all(
		names.map(async (name) => {
			const file = path.join(folder, name);
			return { at: (await stat(file)).mtimeMs, text: await readFile(file, 'utf8') };
		})
	);
	const [newest] = mails
		.filter(({ text }) => text.includes(address) && LINK.test(unfold(text)))
		.toSorted((a, b) => b.at - a.at);
	return LINK.exec(unfold(newest?.text ?? ''))?.[0] ?? '';
}

/** Long lines of a mail are cut with a `=` at the end. */
const unfold = (text: string): string => text.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=');

/** Empty when nothing was mailed to this address. */
export async function mailedLink(db: Db, dataDir: string, address: string): Promise<string> {
	const [row] = await db.execute<{ link: string | null }>(
		sql`SELECT link FROM mail WHERE recipient = ${address} AND link IS NOT NULL ORDER BY created_at DESC LIMIT 1`
	);
	return row?.link ?? inFiles(path.join(dataDir, 'mail'), address);
}
