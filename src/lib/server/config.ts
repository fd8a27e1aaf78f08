// The one reader of the environment [G1]: one schema, all faults listed together by name and never with a value,
// since a value may be a secret and these lines end up in logs.
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#domain/errors.ts';

export type Config = Readonly<{
	/** 0 lets the system choose; the three origins are then given explicitly. */
	port: number;
	host: string;
	agencyOrigin: string;
	portalOrigin: string;
	replayOrigin: string;
	dataDir: string;
	/** True while nobody set DATA_DIR, so that the demo may move to its own folder. */
	dataDirIsDefault: boolean;
	keysDir: string;
	trustedProxies: readonly string[];
	metricsToken: string | null;
	recordingRetentionDays: number;
	databaseUrl: string | null;
	/** Null: live log, signals and jobs stay inside the process and its database. */
	redisUrl: string | null;
	/** Null: files and recordings lie under the data folder. */
	s3: S3Config | null;
	/** What this process does. */
	roles: readonly Role[];
	/** Null with the embedded database: then it is made once and kept in the data folder. */
	secret: string | null;
	/** Null: mails are written to `DATA_DIR/mail`. */
	smtpUrl: string | null;
	logLevel: LogLevel;
	demo: boolean;
}>;

export const ROLES = ['web', 'hub', 'worker'] as const;

export type Role = (typeof ROLES)[number];

export type S3Config = Readonly<{
	/** Null: Amazon's own of the region. */
	endpoint: string | null;
	bucket: string;
	region: string;
	accessKeyId: string;
	secretAccessKey: string;
}>;

export type LogLevel = (typeof LOG_LEVELS)[number];

type Env = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Below this a guessed secret is thinkable: 32 characters of base64 are 192 bits. */
const MIN_SECRET_CHARS = 32;

/** Ten years: more is surely a slip of the key, and a recording kept for ever is a liability. */
const MAX_RETENTION_DAYS = 3650;

const DEFAULT_DATA_DIR = './data';

const LOOPBACK_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const wholeNumber = (min: number, max: number, remedy: string) =>
	z
		.string()
		.regex(/^\d{1,9}$/, remedy)
		.transform(Number)
		.refine((value) => value >= min && value <= max, remedy);

const origin = z
	.string()
	.refine(
		(text) => parseOrigin(text) !== null,
		'must be an address such as https://portal.example.com, no path'
	)
	.transform((text) => parseOrigin(text)?.origin ?? '')
	.refine(
		// Over plain http anyone on the way reads the session cookie and is then that staff member.
		(text) => text.startsWith('https://') || isLoopback(text),
		'must use https, since it is not a loopback address'
	);

const mailAddress = z.string().refine((text) => {
	if (!URL.canParse(text)) return false;
	const { protocol, hostname, searchParams } = new URL(text);
	const from = searchParams.get('from');
	return (
		/^smtps?:$/.test(protocol) && hostname !== '' && (from === null || z.email().safeParse(from).success)
	);
}, 'must be an address such as smtps://user:password@mail.example.com:465?from=portal@example.com');

const addressList = z
	.string()
	.transform((text) => text.split(',').map((part) => part.trim()))
	.refine(
		(parts) => parts.every((part) => isIP(part) !== 0),
		'must be IP addresses separated by commas, without names or masks'
	);

const urlOf = (protocols: RegExp, remedy: string) =>
	z.string().refine((text) => URL.canParse(text) && protocols.test(new URL(text).protocol), remedy);

const roleList = z
	.string()
	.transform((text) => text.split(',').map((part) => part.trim()))
	.refine(
		(parts) => parts.length === new Set(parts).size && parts.every((part) => part === 'all' || isRole(part)),
		`must be all, or one or more of ${ROLES.join(', ')} separated by commas`
	)
	.transform((parts): readonly Role[] => (parts.includes('all') ? ROLES : parts.filter(isRole)));

/** Every setting of contract.md §Settings. An unset name never reaches its schema. */
export const SETTINGS = {
	PORT: wholeNumber(0, 65_535, 'must be a port number from 0 to 65535'),
	HOST: z.string(),
	AGENCY_ORIGIN: origin,
	PORTAL_ORIGIN: origin,
	REPLAY_ORIGIN: origin,
	DATA_DIR: z.string(),
	KEYS_DIR: z.string(),
	TRUSTED_PROXIES: addressList,
	METRICS_TOKEN: z.string(),
	RECORDING_RETENTION_DAYS: wholeNumber(
		1,
		MAX_RETENTION_DAYS,
		`must be a whole number of days from 1 to ${MAX_RETENTION_DAYS}`
	),
	DATABASE_URL: urlOf(/^postgres(ql)?:$/, 'must be a postgres:// address'),
	SWITCHBACK_SECRET: z
		.string()
		.min(MIN_SECRET_CHARS, `must have at least ${MIN_SECRET_CHARS} characters: openssl rand -base64 32`),
	LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
	SWITCHBACK_ROLE: roleList,
	REDIS_URL: urlOf(/^rediss?:$/, 'must be an address such as redis://:password@redis.example.com:6379'),
	S3_ENDPOINT: urlOf(/^https?:$/, 'must be an address such as https://s3.example.com'),
	S3_BUCKET: z.string(),
	S3_REGION: z.string(),
	S3_ACCESS_KEY_ID: z.string(),
	S3_SECRET_ACCESS_KEY: z.string(),
	SMTP_URL: mailAddress
} as const;

type Name = keyof typeof SETTINGS;
type Parsed = { [Key in Name]?: z.infer<(typeof SETTINGS)[Key]> };

/**
 * Reads the settings once at start. An empty value counts as unset, as in a compose file.
 * @throws AppError `invalid` whose message lists every fault on its own line with the remedy
 */
export function readConfig(env: Env = process.env): Config {
	const { parsed, faults } = parseEach(env);
	const port = parsed.PORT ?? 3000;
	const localhost = (name: string) => `http://${name}:${port}`;
	const dataDir = path.resolve(parsed.DATA_DIR ?? DEFAULT_DATA_DIR);
	const config: Config = {
		port,
		host: parsed.HOST ?? '127.0.0.1',
		agencyOrigin: parsed.AGENCY_ORIGIN ?? localhost('localhost'),
		portalOrigin: parsed.PORTAL_ORIGIN ?? localhost('portal.localhost'),
		replayOrigin: parsed.REPLAY_ORIGIN ?? localhost('replay.localhost'),
		dataDir,
		dataDirIsDefault: parsed.DATA_DIR === undefined,
		keysDir: path.resolve(parsed.KEYS_DIR ?? path.join(dataDir, 'keys')),
		trustedProxies: Object.freeze(parsed.TRUSTED_PROXIES ?? []),
		metricsToken: parsed.METRICS_TOKEN ?? null,
		recordingRetentionDays: parsed.RECORDING_RETENTION_DAYS ?? 90,
		databaseUrl: parsed.DATABASE_URL ?? null,
		redisUrl: parsed.REDIS_URL ?? null,
		s3: s3Of(parsed),
		roles: Object.freeze(parsed.SWITCHBACK_ROLE ?? ROLES),
		secret: parsed.SWITCHBACK_SECRET ?? null,
		smtpUrl: parsed.SMTP_URL ?? null,
		logLevel: parsed.LOG_LEVEL ?? 'info',
		demo: false
	};
	faults.push(...faultsTogether(config, env));
	if (faults.length > 0) throw new AppError('invalid', ['The settings have faults:', ...faults].join('\n'));
	return Object.freeze(config);
}

/** The settings of `npm run demo`: its own data folder unless one was set, and never an address outside this machine. */
export function withDemoFolder(config: Config): Config {
	const dataDir = config.dataDirIsDefault ? path.join(config.dataDir, 'demo') : config.dataDir;
	const keysAreInside = config.keysDir === path.join(config.dataDir, 'keys');
	return Object.freeze({
		...config,
		dataDir,
		keysDir: keysAreInside ? path.join(dataDir, 'keys') : config.keysDir,
		// The demo's passwords are printed in the README: whoever reaches its port is Super Admin.
		host: isLoopback(`http://${urlHost(config.host)}`) ? config.host : '127.0.0.1',
		demo: true
	});
}

function parseEach(env: Env): { parsed: Parsed; faults: string[] } {
	const parsed: Record<string, unknown> = {};
	const faults: string[] = [];
	for (const [name, schema] of Object.entries(SETTINGS)) {
		const text = env[name];
		if (text === undefined || text === '') continue;
		const result = schema.safeParse(text);
		if (result.success) parsed[name] = result.data;
		else faults.push(...result.error.issues.slice(0, 1).map((issue) => `${name} ${issue.message}`));
	}
	return { parsed: parsed as Parsed, faults };
}

/** Faults that one setting alone does not show. */
function faultsTogether(config: Config, env: Env): string[] {
	const faults: string[] = [];
	const origins = [config.agencyOrigin, config.portalOrigin, config.replayOrigin];
	// Cookies ignore the port: hosts that differ by port alone would hand the agency's cookie to the portal.
	if (new Set(origins.map((address) => new URL(address).hostname)).size < origins.length)
		faults.push('AGENCY_ORIGIN, PORTAL_ORIGIN and REPLAY_ORIGIN must have three different hosts');
	const missing = (['AGENCY_ORIGIN', 'PORTAL_ORIGIN', 'REPLAY_ORIGIN'] as const).filter((name) => !env[name]);
	if (config.port === 0 && missing.length > 0)
		faults.push(`PORT 0 needs ${missing.join(', ')} to be set too`);
	// A secret made here and kept in one machine's folder would differ on the next machine that shares the database.
	if (env.DATABASE_URL && !env.SWITCHBACK_SECRET)
		faults.push('SWITCHBACK_SECRET must be set with DATABASE_URL: openssl rand -base64 32');
	// Apart from the others a process sees neither an embedded database nor what happens inside another process.
	const apart = (['DATABASE_URL', 'REDIS_URL'] as const).filter((name) => !env[name]);
	if (config.roles.length < ROLES.length && apart.length > 0)
		faults.push(`${apart.join(' and ')} must be set where SWITCHBACK_ROLE is not all`);
	const wanted = env.S3_ENDPOINT ? S3_ALWAYS : ([...S3_ALWAYS, 'S3_REGION'] as const);
	const lacking = wanted.filter((name) => !env[name]);
	if (Object.keys(SETTINGS).some((name) => name.startsWith('S3_') && env[name]) && lacking.length > 0)
		faults.push(`${lacking.join(' and ')} must be set too where any S3 setting is`);
	return faults;
}

const S3_ALWAYS = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** What servers other than Amazon's take when they have no regions. */
const NO_REGION = 'us-east-1';

function s3Of(parsed: Parsed): S3Config | null {
	const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = parsed;
	if (!bucket || !accessKeyId || !secretAccessKey) return null;
	const region = parsed.S3_REGION ?? NO_REGION;
	return Object.freeze({
		endpoint: parsed.S3_ENDPOINT ?? null,
		bucket,
		region,
		accessKeyId,
		secretAccessKey
	});
}

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

function parseOrigin(text: string): URL | null {
	if (!URL.canParse(text)) return null;
	const url = new URL(text);
	const isBare = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
	return isBare && /^https?:$/.test(url.protocol) ? url : null;
}

const isLoopback = (address: string): boolean =>
	URL.canParse(address) && LOOPBACK_HOST.test(new URL(address).hostname);

const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);
