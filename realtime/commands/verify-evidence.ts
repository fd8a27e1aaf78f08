// npm run verify-evidence -- FILE: verifies an evidence pack from the file alone; no database is opened. The same that verify.mjs in the
// pack does, with the installation's own key where it is at hand.
import { AppError } from '#domain/errors.ts';
import { readConfig } from '#server/config.ts';
import { exitCodeOf, lineOf, verifyFile } from '#server/evidence/verify-pack.ts';
import { readVerifyingKey } from '#server/sign-in/keys.ts';
import { commandFolder } from './command-folder.ts';

export default async function verifyEvidence(argv: readonly string[]): Promise<void> {
	const [file] = argv.filter((word) => !word.startsWith('--'));
	if (!file) throw new AppError('invalid', 'Say which file: npm run verify-evidence -- FILE');
	const trusted = await readVerifyingKey(commandFolder(readConfig(), argv).keysDir);
	const found = await verifyFile(file, trusted).catch(() => {
		throw new AppError('not_found', `${file} cannot be opened.`);
	});
	process.stdout.write(`${lineOf(found, trusted !== null)}\n`);
	process.exitCode = exitCodeOf(found, trusted !== null);
}
