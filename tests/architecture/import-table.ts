// Which room may import what: the one table of design.md §2 and house style L2–L6. First matching room wins.
// `own` are path prefixes from the root, `packages` package names; Node's own modules are allowed where `node` is true.

export type Rule = {
	room: RegExp;
	name: string;
	own: string[];
	packages: string[];
	node?: boolean;
	/** Prefixes that may be imported as types only. */
	types?: string[];
};

const DOMAIN = 'src/lib/domain/';
const PROTOCOL = 'realtime/protocol/';
const FORMAT = 'recorder/format/';
const SERVER = 'src/lib/server/';
const UI_BASE = ['svelte', 'bits-ui', '@lucide/svelte', 'svelte-sonner', 'tailwind-variants'];
const KIT = ['svelte', '@sveltejs/kit', '$app', 'zod', '@lucide/svelte', 'svelte-sonner'];

export const TABLE: Rule[] = [
	{ room: /\.test\.ts$|^tests\/|^bench\//, name: 'tests', own: [''], packages: ['*'], node: true },
	{ room: /^src\/lib\/domain\//, name: 'domain', own: [DOMAIN], packages: ['zod', 'dinero.js', 'culori'] },
	{ room: /^realtime\/protocol\//, name: 'protocol', own: [DOMAIN, PROTOCOL], packages: ['zod'] },
	{ room: /^recorder\/format\//, name: 'recorder/format', own: [FORMAT, PROTOCOL], packages: [] },
	{
		room: /^recorder\/capture\//,
		name: 'recorder/capture',
		own: ['recorder/capture/', FORMAT, PROTOCOL],
		packages: ['rrweb', '@rrweb/types', 'vite']
	},
	{
		room: /^recorder\/delivery\//,
		name: 'recorder/delivery',
		own: ['recorder/delivery/', 'recorder/capture/scrub.ts', FORMAT, PROTOCOL],
		packages: ['socket.io-client']
	},
	{
		room: /^recorder\/playback\//,
		name: 'recorder/playback',
		own: ['recorder/playback/', FORMAT, PROTOCOL],
		packages: ['rrweb', '@rrweb/types']
	},
	{
		room: /^recorder\/control\//,
		name: 'recorder/control',
		own: ['recorder/control/', 'recorder/capture/secret-fields.ts', PROTOCOL],
		packages: []
	},
	{ room: /^recorder\//, name: 'recorder', own: ['recorder/', PROTOCOL], packages: [] },
	{
		room: /^src\/lib\/server\/ports\//,
		name: 'ports',
		own: [DOMAIN, `${SERVER}ports/`],
		packages: [],
		node: true
	},
	{
		room: /^src\/lib\/server\/db\//,
		name: 'db',
		own: [DOMAIN, PROTOCOL, `${SERVER}db/`, `${SERVER}ports/`],
		types: [`${SERVER}config.ts`, `${SERVER}jobs/catalogue.ts`],
		packages: ['drizzle-orm', 'postgres'],
		node: true
	},
	{
		room: /^src\/lib\/server\/jobs\//,
		name: 'jobs',
		own: [DOMAIN, `${SERVER}jobs/`, `${SERVER}db/`],
		packages: ['bullmq', 'redis', 'postgres', 'zod'],
		node: true
	},
	{
		room: /^src\/lib\/server\/usecases\//,
		name: 'usecases',
		own: [
			DOMAIN,
			PROTOCOL,
			FORMAT,
			`${SERVER}db/`,
			`${SERVER}ports/`,
			`${SERVER}usecases/`,
			`${SERVER}recordings/`,
			`${SERVER}evidence/`,
			`${SERVER}sign-in/`
		],
		packages: [
			'drizzle-orm',
			'zod',
			'@fastify/busboy',
			'file-type',
			'@node-rs/argon2',
			'csv-stringify',
			'culori',
			'uqr'
		],
		node: true
	},
	{
		room: /^src\/lib\/server\/adapters\//,
		name: 'adapters',
		own: [DOMAIN, FORMAT, PROTOCOL, `${SERVER}adapters/`, `${SERVER}ports/`],
		packages: ['zod', 'nodemailer', '@tus/server', '@tus/file-store', 'redis', '@aws-sdk/client-s3'],
		node: true
	},
	{
		room: /^src\/lib\/server\/recordings\//,
		name: 'recordings',
		own: [DOMAIN, FORMAT, `${SERVER}recordings/`, `${SERVER}ports/`, `${SERVER}db/`],
		packages: ['drizzle-orm'],
		node: true
	},
	{
		// The verifier in it is shipped: what begins with verify- imports Node and its neighbours alone.
		room: /^src\/lib\/server\/evidence\//,
		name: 'evidence',
		own: [DOMAIN, `${SERVER}evidence/`, `${SERVER}db/`],
		packages: [],
		node: true
	},
	{
		room: /^src\/lib\/server\/backup\//,
		name: 'backup',
		own: [
			DOMAIN,
			`${SERVER}backup/`,
			`${SERVER}db/`,
			`${SERVER}ports/`,
			`${SERVER}jobs/queue.ts`,
			`${SERVER}adapters/files/log-record.ts`
		],
		packages: ['postgres', 'zod'],
		node: true
	},
	{
		room: /^src\/lib\/server\/documents\//,
		name: 'documents',
		own: [DOMAIN, `${SERVER}documents/`],
		packages: ['pdfkit', '@fontsource/inter'],
		node: true
	},
	{
		room: /^src\/lib\/server\/sign-in\//,
		name: 'sign-in',
		own: [DOMAIN, `${SERVER}db/`, `${SERVER}sign-in/`],
		packages: ['better-auth', '@node-rs/argon2', 'drizzle-orm'],
		node: true
	},
	{
		room: /^src\/lib\/server\/demo\//,
		name: 'demo',
		own: [DOMAIN, `${SERVER}db/`, `${SERVER}ports/`, `${SERVER}demo/`],
		// Its people act through the application they are handed.
		types: [`${SERVER}app.ts`],
		packages: ['drizzle-orm', 'zod'],
		node: true
	},
	{
		room: /^src\/lib\/server\/compose(\/|\.ts)/,
		name: 'compose',
		own: [DOMAIN, SERVER],
		packages: ['drizzle-orm', '@node-rs/argon2'],
		node: true
	},
	{
		room: /^src\/lib\/server\//,
		name: 'server',
		own: [DOMAIN, SERVER],
		packages: ['zod', 'pino'],
		node: true
	},
	{
		room: /^realtime\/supervision\//,
		name: 'supervision',
		own: [DOMAIN, PROTOCOL, 'realtime/supervision/'],
		types: [`${SERVER}usecases/supervision/`],
		packages: ['zod']
	},
	{
		room: /^realtime\/scribe\//,
		name: 'scribe',
		own: [FORMAT, PROTOCOL, 'realtime/scribe/'],
		packages: [],
		node: true
	},
	{ room: /^realtime\/room\//, name: 'room', own: [DOMAIN, PROTOCOL, 'realtime/room/'], packages: [] },
	{
		room: /^realtime\/hub\//,
		name: 'hub',
		own: [
			DOMAIN,
			PROTOCOL,
			FORMAT,
			'realtime/hub/',
			'realtime/room/',
			'realtime/scribe/',
			'realtime/supervision/',
			`${SERVER}ports/`
		],
		types: [`${SERVER}usecases/live/`, `${SERVER}usecases/recordings/read-picture.ts`],
		packages: ['socket.io', 'engine.io', 'prom-client', 'zod'],
		node: true
	},
	{
		room: /^realtime\/worker\//,
		name: 'worker',
		own: [DOMAIN, 'realtime/worker/', SERVER],
		packages: [],
		node: true
	},
	{
		room: /^realtime\//,
		name: 'process',
		own: [DOMAIN, PROTOCOL, 'realtime/', SERVER, 'src/lib/web/app.ts', 'bench/'],
		packages: ['prom-client', 'vite', '@node-rs/argon2', 'drizzle-orm', 'postgres'],
		node: true
	},
	{
		room: /^src\/lib\/live\//,
		name: 'live',
		own: [DOMAIN, PROTOCOL, FORMAT, 'recorder/control/', 'recorder/playback/', 'src/lib/live/'],
		packages: ['socket.io-client', 'svelte']
	},
	{
		room: /^src\/lib\/ui\/base\//,
		name: 'ui/base',
		own: ['src/lib/ui/base/', `${DOMAIN}money.ts`],
		packages: [...UI_BASE, '@fontsource-variable/inter', 'd3-scale', 'd3-shape']
	},
	{
		room: /^src\/lib\/ui\//,
		name: 'ui',
		own: [
			DOMAIN,
			PROTOCOL,
			'src/lib/ui/',
			'src/lib/live/',
			'src/lib/web/',
			'recorder/index.ts',
			'recorder/playback/',
			FORMAT
		],
		types: [SERVER],
		packages: [...UI_BASE, '@sveltejs/kit', '$app', 'tus-js-client']
	},
	{
		room: /^src\/lib\/web\//,
		name: 'web',
		own: [DOMAIN, PROTOCOL, 'src/lib/web/', `${SERVER}sign-in/impersonation-cookie.ts`],
		types: [SERVER],
		packages: KIT,
		node: true
	},
	{
		room: /^src\/(routes\/|hooks|app)/,
		name: 'routes',
		own: [
			DOMAIN,
			PROTOCOL,
			'src/lib/',
			'src/routes/',
			'src/app.css',
			'recorder/index.ts',
			'recorder/collect-assets.ts',
			'recorder/playback/',
			FORMAT
		],
		packages: [...KIT, '@fontsource-variable/inter', '@fastify/busboy', 'tus-js-client', 'pdfjs-dist'],
		node: true
	}
];
