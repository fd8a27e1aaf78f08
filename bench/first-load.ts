// Script that a browser reads before a page of the portal answers to a press: the entry, the layouts, the page and all
// they import, each file gzipped as it is sent. What a page imports later, when it is needed, is not of its first load.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { percentile, rounded, type Figure } from './figure.ts';

const OUTPUT = fileURLToPath(new URL('../.svelte-kit/output', import.meta.url));
const CLIENT = path.join(OUTPUT, 'client');
const PORTAL = '/portal';

type Node = { imports: string[] };
type Route = { id: string; page: { layouts: (number | undefined)[]; leaf: number } | null };
type Manifest = {
	client: { imports: string[] };
	nodes: (() => Promise<Node>)[];
	routes: Route[];
};

export type PageScript = { route: string; kilobytes: number };

const sizes = new Map<string, number>();

/** Of one file as it is sent; many pages share most of them. */
function gzipped(file: string): number {
	const known = sizes.get(file);
	if (known !== undefined) return known;
	const size = gzipSync(readFileSync(path.join(CLIENT, file))).length;
	sizes.set(file, size);
	return size;
}

const sum = (files: Iterable<string>): number => [...files].reduce((total, file) => total + gzipped(file), 0);
const kilobytes = (bytes: number): number => Math.round(bytes / 100) / 10;

async function readManifest(): Promise<Manifest> {
	const address = pathToFileURL(path.join(OUTPUT, 'server', 'manifest-full.js')).href;
	const module = (await import(/* @vite-ignore */ address).catch((cause: unknown) => {
		throw new Error('The pages are not built: run npm run build.', { cause });
	})) as { manifest: { _: Manifest } };
	return module.manifest._;
}

/** Every page of the portal, the heaviest first. Needs `npm run build` to have run. */
export async function readPortalPages(): Promise<PageScript[]> {
	const { client, nodes, routes } = await readManifest();
	// Kit loads the outermost layout and the error page of that with every page, so that a failure can be shown at all.
	const always = [0, 1];
	const importsOf = async (index: number) => (await nodes[index]?.())?.imports ?? [];
	const pages = await Promise.all(
		routes
			.filter(({ id, page }) => page && (id === PORTAL || id.startsWith(`${PORTAL}/`)))
			.map(async ({ id, page }) => {
				const parts = [...always, ...(page?.layouts ?? []), page?.leaf].filter((one) => one !== undefined);
				const imports = await Promise.all([...new Set(parts)].map(importsOf));
				const files = new Set([...client.imports, ...imports.flat()].filter((file) => file.endsWith('.js')));
				return { route: id, kilobytes: kilobytes(sum(files)) };
			})
	);
	return pages.toSorted((a, b) => b.kilobytes - a.kilobytes);
}

/** All scripts of the build, as a single bundle would make every visitor read them. */
function wholeBundle(): number {
	const files = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((file) =>
		file.endsWith('.js')
	);
	return kilobytes(sum(files));
}

/** Prints every page; the figures are the heaviest one and the middle one. */
export async function run(): Promise<Figure[]> {
	const pages = await readPortalPages();
	for (const { route, kilobytes: size } of pages)
		process.stdout.write(`${size.toFixed(1).padStart(8)} KB  ${route.slice(PORTAL.length) || '/'}\n`);
	const baseline = wholeBundle();
	const figure = (name: string, ours: number): Figure => ({
		figure: name,
		unit: 'KB',
		ours,
		baseline,
		baselineName: 'all scripts of the build, as one bundle would send them',
		ratio: rounded(ours / baseline)
	});
	const of = (p: number) =>
		percentile(
			pages.map((page) => page.kilobytes),
			p
		);
	return [figure('first-load-max', of(100)), figure('first-load-p50', of(50))];
}
