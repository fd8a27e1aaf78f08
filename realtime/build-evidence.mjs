// Builds what goes into every evidence pack: node realtime/build-evidence.mjs FOLDER writes player.html, one page with its script and
// looks inside and a policy that lets it load nothing, and verify.mjs, one readable file. Called by launch.mjs behind the pages' own build.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** One bundle of one entry. The verifier is not minified: whoever must trust it can read it. */
async function bundle(folder, { entry, name, platform }) {
	const isNode = platform === 'node';
	await build({
		root: ROOT,
		configFile: false,
		publicDir: false,
		logLevel: 'error',
		// Of socket.io and the like there is nothing in here; but a test runner must not get a debug build of anything.
		resolve: { conditions: ['module', isNode ? 'node' : 'browser', 'production'] },
		build: {
			target: isNode ? 'node20' : 'es2022',
			outDir: folder,
			emptyOutDir: false,
			minify: !isNode,
			lib: {
				entry: join(ROOT, entry),
				formats: [isNode ? 'es' : 'iife'],
				name: 'offline',
				fileName: () => name
			},
			rollupOptions: isNode ? { external: [/^node:/] } : {}
		}
	});
	return readFile(join(folder, name), 'utf8');
}

/** Fonts of the portal, so that lines break where they broke. */
const FONTS = ['latin', 'latin-ext'];

async function fontsAsScript() {
	const read = (set) =>
		readFile(join(ROOT, `node_modules/@fontsource-variable/inter/files/inter-${set}-wght-normal.woff2`));
	const fonts = await Promise.all(FONTS.map(async (set) => [set, (await read(set)).toString('base64')]));
	return `<script type="application/json" id="fonts">${JSON.stringify(Object.fromEntries(fonts))}</script>`;
}

const policyOf = (script) =>
	[
		"default-src 'none'",
		`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
		"style-src 'unsafe-inline'",
		'img-src data: blob:',
		'font-src data:',
		"base-uri 'none'",
		"form-action 'none'"
	].join('; ');

/** What somebody reads who opens it. */
const VERIFIER_HEAD = `// Verifies an evidence pack of Switchback from the file alone:   node verify.mjs FILE [PUBLIC_KEY.pem]
// Needs Node 20 or newer, nothing else, and no network. One line says what was found; exit code 0 whole, 1 broken, 2 not read.
`;

export async function buildEvidence(target) {
	const folder = await mkdtemp(join(tmpdir(), 'switchback-evidence-'));
	try {
		const script = await bundle(folder, {
			entry: 'recorder/offline/offline-page.ts',
			name: 'player.js',
			platform: 'browser'
		});
		const verifier = await bundle(folder, {
			entry: 'src/lib/server/evidence/verify-shipped.ts',
			name: 'verify.mjs',
			platform: 'node'
		});
		const page = await readFile(join(ROOT, 'recorder/offline/page.html'), 'utf8');
		// A script's text may hold what would end its element.
		const inline = script.replaceAll('</script', '<\\/script');
		const html = page
			.replace('%policy%', () => policyOf(inline))
			.replace('<!--fonts-->', await fontsAsScript())
			.replace(
				/<script type="module">\s*\/\*script\*\/\s*<\/script>/,
				() => `<script type="module">${inline}</script>`
			);
		if (!html.includes(inline) || html.split('<!--switchback:recording-->').length !== 2)
			throw new Error('recorder/offline/page.html has no place for the script or for a recording.');
		await mkdir(target, { recursive: true });
		await writeFile(join(target, 'player.html'), html);
		await writeFile(join(target, 'verify.mjs'), VERIFIER_HEAD + verifier);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const [target] = process.argv.slice(2);
if (process.argv[1] === fileURLToPath(import.meta.url) && target) await buildEvidence(target);
