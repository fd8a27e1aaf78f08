// What the build makes for packs: the player's page and the verifier, each one file without dependencies.
import { readFile } from 'node:fs/promises';
import { AppError } from '#domain/errors.ts';

const FOLDER = new URL('../../../../build/evidence/', import.meta.url);

export type BuiltParts = { player: string; verifier: string };

/** @throws AppError `try_later` where nothing was built */
export async function readBuiltParts(folder: URL = FOLDER): Promise<BuiltParts> {
	const read = (name: string): Promise<string> => readFile(new URL(name, folder), 'utf8');
	try {
		return { player: await read('player.html'), verifier: await read('verify.mjs') };
	} catch {
		// Only in development: the demo, start and the command build before they run.
		throw new AppError(
			'try_later',
			'The player of evidence packs is not built. Run npm run build, then try it again.'
		);
	}
}
