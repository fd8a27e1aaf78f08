// What runs as verify.mjs in a pack; the build puts it into one file with its neighbours, unshortened, and says above how to call it.
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exitCodeOf, lineOf, verifyFile } from './verify-pack.ts';

const [file, keyFile] = process.argv.slice(2);
try {
	if (!file) throw new Error('Say which file: node verify.mjs FILE [PUBLIC_KEY.pem]');
	const trusted = keyFile === undefined ? null : createPublicKey(await readFile(keyFile));
	const found = await verifyFile(file, trusted);
	process.stdout.write(`${lineOf(found, trusted !== null)}\n`);
	process.exitCode = exitCodeOf(found, trusted !== null);
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 2;
}
