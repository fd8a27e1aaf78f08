// npm run verify-recording -- FILE: verifies an exported recording from the file alone; no database is opened.
import { open } from 'node:fs/promises';
import { AppError } from '#domain/errors.ts';
import { readConfig } from '#server/config.ts';
import { readVerifyingKey } from '#server/sign-in/keys.ts';
import { verifyRecording, type Verified } from '#server/usecases/recordings/verify-recording.ts';
import { commandFolder } from './command-folder.ts';
import { plain } from './plain.ts';

/** What was found, the contract's line last. Names in it are the file's, which anybody may have written. */
export const linesOf = (verified: Verified): string[] => saidOf(verified).map(plain);

function saidOf(verified: Verified): string[] {
	if (!verified.whole) {
		const at = verified.block === null ? 'broken at the index' : `broken at block ${verified.block}`;
		return [`What is wrong: ${verified.fault}.`, at];
	}
	const { index, blocks, isOpened, missing } = verified;
	const opened = isOpened
		? 'Every block was opened and its batches were hashed again.'
		: 'The file holds no key: what is inside the blocks was not read.';
	return [
		`${index.client}, ${index.staff}: ${index.pages.length} pages, ${blocks} blocks.`,
		opened,
		...missing.map((stretch) => `Lost before it was sealed: ${stretch}.`),
		`recording whole to block ${blocks}`
	];
}

export default async function verifyCommand(argv: readonly string[]): Promise<void> {
	const [file] = argv.filter((word) => !word.startsWith('--'));
	if (!file) throw new AppError('invalid', 'Say which file: npm run verify-recording -- FILE');
	const trusted = await readVerifyingKey(commandFolder(readConfig(), argv).keysDir);
	if (!trusted)
		process.stdout.write(
			'KEYS_DIR holds no signing key: the signature is checked with the key in the file.\n'
		);
	const handle = await open(file).catch(() => {
		throw new AppError('not_found', `${file} cannot be opened.`);
	});
	try {
		const { size } = await handle.stat();
		const read = async (at: number, length: number): Promise<Buffer> => {
			// Attack: an index that claims a block of gigabytes; there is never more than the file.
			const wanted = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
			const { bytesRead } = await handle.read(wanted, 0, wanted.length, at);
			return wanted.subarray(0, bytesRead);
		};
		const verified = await verifyRecording({ read, size, trusted });
		process.stdout.write(`${linesOf(verified).join('\n')}\n`);
		process.exitCode = verified.whole ? 0 : 1;
	} finally {
		await handle.close();
	}
}
