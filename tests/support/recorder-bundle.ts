// Builds a browser bundle of one entry the way the app does (Vite, minified, lean rrweb), for tests and benchmarks that
// look at what a page really downloads and runs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';
import { leanRrweb } from '../../recorder/capture/lean-rrweb.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type BundleOptions = { source: string; plugins?: Plugin[] };

/** Bundles ES module source (imports relative to the repository) into one script; its exports are on `window.bundle`. */
export async function bundleForBrowser({ source, plugins = [leanRrweb()] }: BundleOptions): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'switchback-bundle-'));
	// The entry stands in the repository's root for the resolver, without being written there.
	const entry: Plugin = {
		name: 'bundle-entry',
		resolveId: (id) => (id.endsWith('bundle-entry') ? join(root, 'bundle-entry.ts') : null),
		load: (id) => (id === join(root, 'bundle-entry.ts') ? source : null)
	};
	try {
		await build({
			root,
			configFile: false,
			publicDir: false,
			logLevel: 'error',
			plugins: [entry, ...plugins],
			// A test runner is no production to Vite: it would take socket.io's debug build, which no page downloads.
			resolve: { conditions: ['module', 'browser', 'production'] },
			build: {
				target: 'es2022',
				outDir: join(folder, 'out'),
				emptyOutDir: true,
				minify: true,
				lib: { entry: 'bundle-entry', formats: ['iife'], name: 'bundle', fileName: () => 'bundle.js' }
			}
		});
		return await readFile(join(folder, 'out', 'bundle.js'), 'utf8');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
