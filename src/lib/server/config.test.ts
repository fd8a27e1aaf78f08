import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#domain/errors.ts';
import { readConfig, SETTINGS, withDemoFolder } from './config.ts';

function faultsOf(env: Record<string, string>): string[] {
	try {
		readConfig(env);
	} catch (error) {
		if (!isAppError(error)) throw error;
		expect(error.code).toBe('invalid');
		return error.message.split('\n').slice(1);
	}
	return [];
}

describe('the settings', () => {
	it('needs none of them to start on loopback', () => {
		expect(readConfig({})).toEqual({
			port: 3000,
			host: '127.0.0.1',
			agencyOrigin: 'http://localhost:3000',
			portalOrigin: 'http://portal.localhost:3000',
			replayOrigin: 'http://replay.localhost:3000',
			dataDir: path.resolve('data'),
			dataDirIsDefault: true,
			keysDir: path.resolve('data/keys'),
			trustedProxies: [],
			metricsToken: null,
			recordingRetentionDays: 90,
			databaseUrl: null,
			redisUrl: null,
			s3: null,
			roles: ['web', 'hub', 'worker'],
			secret: null,
			smtpUrl: null,
			logLevel: 'info',
			demo: false
		});
	});

	it('cannot be changed after the start', () => {
		const config = readConfig({});
		expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
	});

	it('takes an empty value as unset and the port into the default origins', () => {
		const config = readConfig({ PORT: '8080', REDIS_URL: '', HOST: '' });
		expect(config.portalOrigin).toBe('http://portal.localhost:8080');
		expect(config.host).toBe('127.0.0.1');
	});

	it('lists all faults together, each by name and without its value', () => {
		const faults = faultsOf({
			PORT: '99999',
			LOG_LEVEL: 'loud-value',
			AGENCY_ORIGIN: 'https://a.example/path-value',
			DATABASE_URL: 'mysql://user:password-value@db/x',
			SWITCHBACK_SECRET: 'short-value',
			TRUSTED_PROXIES: 'proxy-value.example'
		});
		expect(faults.map((line) => line.split(' ')[0]).toSorted()).toEqual(
			[
				'PORT',
				'LOG_LEVEL',
				'AGENCY_ORIGIN',
				'DATABASE_URL',
				'SWITCHBACK_SECRET',
				'TRUSTED_PROXIES'
			].toSorted()
		);
		expect(faults.join('\n')).not.toMatch(/value|99999/);
	});

	it.each([
		['two origins on one host', { PORTAL_ORIGIN: 'http://localhost:4000' }],
		['origins that differ by letter case alone', { PORTAL_ORIGIN: 'http://LOCALHOST' }]
	])('refuses %s', (_what, env) => {
		expect(faultsOf(env)).toEqual([
			'AGENCY_ORIGIN, PORTAL_ORIGIN and REPLAY_ORIGIN must have three different hosts'
		]);
	});

	it.each([
		'http://agency.example.com',
		'http://127.0.0.1.example.com',
		'http://localhost.example',
		'ftp://localhost'
	])('refuses the origin %s', (address) => {
		expect(faultsOf({ AGENCY_ORIGIN: address })[0]).toMatch(/^AGENCY_ORIGIN must/);
	});

	it.each(['http://127.0.0.1:3000', 'http://[::1]:3000', 'http://a.localhost', 'https://agency.example.com'])(
		'takes the origin %s',
		(address) => {
			expect(readConfig({ AGENCY_ORIGIN: address }).agencyOrigin).toBe(address);
		}
	);

	it('wants a secret with an outside database', () => {
		const url = { DATABASE_URL: 'postgres://u:p@db.example/switchback' };
		expect(faultsOf(url)[0]).toMatch(/^SWITCHBACK_SECRET must be set/);
		expect(readConfig({ ...url, SWITCHBACK_SECRET: 'x'.repeat(32) }).databaseUrl).toBe(url.DATABASE_URL);
	});

	it.each(['redis://redis.example', 'rediss://:secret@redis.example:6380/2'])('takes the Redis %s', (url) => {
		expect(readConfig({ REDIS_URL: url }).redisUrl).toBe(url);
	});

	it('refuses what is no Redis', () => {
		expect(faultsOf({ REDIS_URL: 'http://redis.example' })).toEqual([
			expect.stringMatching(/^REDIS_URL must be an address/)
		]);
	});

	const keys = { S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'key' };

	it('takes a bucket of Amazon or of another server', () => {
		const rest = { bucket: 'b', accessKeyId: 'id', secretAccessKey: 'key' };
		const amazon = { ...rest, endpoint: null, region: 'eu-central-1' };
		expect(readConfig({ ...keys, S3_REGION: 'eu-central-1' }).s3).toEqual(amazon);
		const own = { ...rest, endpoint: 'http://minio:9000', region: 'us-east-1' };
		expect(readConfig({ ...keys, S3_ENDPOINT: 'http://minio:9000' }).s3).toEqual(own);
	});

	it.each([
		[keys, 'S3_REGION'],
		[{ S3_ENDPOINT: 'https://s3.example' }, 'S3_BUCKET and S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY'],
		[{ ...keys, S3_BUCKET: '', S3_REGION: 'r' }, 'S3_BUCKET']
	])('names what a bucket still lacks: %j', (env, lacking) => {
		expect(faultsOf(env)).toEqual([`${lacking} must be set too where any S3 setting is`]);
	});

	it.each(['smtp://localhost', 'smtps://me:secret@mail.example:465?from=portal@mail.example'])(
		'sends mail by %s',
		(address) => {
			expect(readConfig({ SMTP_URL: address }).smtpUrl).toBe(address);
		}
	);

	it.each(['mail.example', 'http://mail.example', 'smtp://mail.example?from=nobody'])(
		'refuses to send mail by %s',
		(address) => {
			expect(faultsOf({ SMTP_URL: address })[0]).toMatch(/^SMTP_URL must be an address/);
		}
	);

	const apart = {
		DATABASE_URL: 'postgres://u:p@db.example/switchback',
		SWITCHBACK_SECRET: 'x'.repeat(32),
		REDIS_URL: 'redis://redis.example'
	};

	it.each([
		['all', ['web', 'hub', 'worker']],
		['hub', ['hub']],
		['web, worker', ['web', 'worker']]
	])('takes the role %s', (role, roles) => {
		expect(readConfig({ ...apart, SWITCHBACK_ROLE: role }).roles).toEqual(roles);
	});

	it('wants a shared database and Redis where roles run apart', () => {
		expect(faultsOf({ SWITCHBACK_ROLE: 'web,hub' })).toEqual([
			'DATABASE_URL and REDIS_URL must be set where SWITCHBACK_ROLE is not all'
		]);
		expect(faultsOf({ ...apart, REDIS_URL: '', SWITCHBACK_ROLE: 'hub' })[0]).toMatch(
			/^REDIS_URL must be set/
		);
	});

	it.each(['webs', 'web,web', 'web;hub', ','])('refuses the role %s', (role) => {
		expect(faultsOf({ ...apart, SWITCHBACK_ROLE: role })[0]).toMatch(/^SWITCHBACK_ROLE must be all, or/);
	});

	it('takes port 0 only with explicit origins', () => {
		expect(faultsOf({ PORT: '0' })[0]).toContain('AGENCY_ORIGIN, PORTAL_ORIGIN, REPLAY_ORIGIN');
		const origins = {
			AGENCY_ORIGIN: 'http://localhost:1',
			PORTAL_ORIGIN: 'http://portal.localhost:1',
			REPLAY_ORIGIN: 'http://replay.localhost:1'
		};
		expect(readConfig({ PORT: '0', ...origins }).port).toBe(0);
	});
});

describe('the demo', () => {
	it('lies in its own folder, keys included, and listens on loopback only', () => {
		const demo = withDemoFolder(readConfig({ HOST: '0.0.0.0' }));
		expect(demo).toMatchObject({
			dataDir: path.resolve('data/demo'),
			keysDir: path.resolve('data/demo/keys'),
			host: '127.0.0.1',
			demo: true
		});
	});

	it('leaves folders that were set', () => {
		const demo = withDemoFolder(readConfig({ DATA_DIR: '/srv/x', KEYS_DIR: '/srv/keys', HOST: '::1' }));
		expect(demo).toMatchObject({ dataDir: '/srv/x', keysDir: '/srv/keys', host: '::1' });
	});
});

it('.env.example names every setting once and nothing else', () => {
	const text = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
	const names = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);
	expect(names.toSorted()).toEqual(Object.keys(SETTINGS).toSorted());
});
