// The door of every npm command. Plain JavaScript, so that an old Node reads far enough to be told it is too old.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const COMMANDS = [
	'build',
	'demo',
	'start',
	'dev',
	'db',
	'jobs',
	'backup',
	'restore',
	'verify-log',
	'export-recording',
	'verify-recording',
	'evidence',
	'verify-evidence',
	'bench'
];

/** Commands that serve the built pages, or put them into packs. */
const NEED_BUILD = ['demo', 'start', 'evidence'];

/** What the built pages are made of. */
const BUILT_FROM = [
	'src',
	'realtime/protocol',
	'recorder',
	'static',
	'package-lock.json',
	'vite.config.ts',
	'svelte.config.js'
];

/** Code that runs in the process itself; Vite swaps the rest. */
const RESTART_ON = ['realtime', 'src/lib/server', 'src/lib/domain'];

const STAMP = join(ROOT, 'build', '.made-from');

/** Older ones cannot run TypeScript as it is. */
const OLDEST_NODE = [22, 18];

function stop(line) {
	process.stderr.write(`${line}\n`);
	process.exit(1);
}

function isTooOld() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function filesUnder(path) {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) return [];
	if (!stats.isDirectory()) return [`${path} ${stats.size} ${stats.mtimeMs}`];
	const names = readdirSync(path).filter((name) => !/\.test\.ts$|^\./.test(name));
	return names.toSorted().flatMap((name) => filesUnder(join(path, name)));
}

/** Sizes and times, not contents: this runs before every start. */
function fingerprint() {
	const lines = BUILT_FROM.flatMap((name) => filesUnder(join(ROOT, name)));
	return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const isBuilt = () =>
	existsSync(join(ROOT, 'build', 'handler.js')) &&
	existsSync(STAMP) &&
	readFileSync(STAMP, 'utf8') === fingerprint();

function build(stdio) {
	// Taken before: a file that is saved while the build runs must count as newer than it.
	const madeFrom = fingerprint();
	const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
	const result = spawnSync(process.execPath, [vite, 'build'], { cwd: ROOT, stdio, encoding: 'utf8' });
	if (result.status !== 0) stop(`${result.stdout ?? ''}${result.stderr ?? ''}The build failed.`);
	// What goes into evidence packs, behind the pages: their build empties the folder.
	const parts = [join(ROOT, 'realtime', 'build-evidence.mjs'), join(ROOT, 'build', 'evidence')];
	const packs = spawnSync(process.execPath, parts, { cwd: ROOT, stdio, encoding: 'utf8' });
	if (packs.status !== 0) stop(`${packs.stdout ?? ''}${packs.stderr ?? ''}The build failed.`);
	writeFileSync(STAMP, madeFrom);
}

/** Restarts the process when its own code changes; nothing old stays in memory. */
function watch(args) {
	const paths = RESTART_ON.map((name) => `--watch-path=${join(ROOT, name)}`);
	const self = [fileURLToPath(import.meta.url), 'dev', '--watched', ...args];
	const child = spawn(process.execPath, [...paths, '--watch-preserve-output', ...self], { stdio: 'inherit' });
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
	child.on('exit', (code) => process.exit(code ?? 1));
}

async function launch([command, ...args]) {
	if (!COMMANDS.includes(command)) stop(`Unknown command. There are: ${COMMANDS.join(', ')}.`);
	if (command === 'build') return build('inherit');
	if (command === 'dev' && !args.includes('--watched')) return watch(args);
	if (NEED_BUILD.includes(command) && !isBuilt()) {
		process.stdout.write('Building…\n');
		build('pipe');
	}
	// Beside package.json, and never over what the environment already says.
	const settings = join(ROOT, '.env');
	if (existsSync(settings)) process.loadEnvFile(settings);
	const module = await import(`./commands/${command}.ts`);
	await module.default(args);
}

if (isTooOld())
	stop(
		`Switchback needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. Install Node 24.`
	);

launch(process.argv.slice(2)).catch((error) => {
	// An expected failure tells what to do; of anything else the trace is wanted.
	const isExpected = error?.name === 'AppError';
	stop(isExpected ? error.message : (error?.stack ?? String(error)));
});
