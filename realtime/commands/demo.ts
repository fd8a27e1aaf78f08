// npm run demo: everything in one process on embedded storage, with the demo agency.
import { lookup } from 'node:dns/promises';
import { hash } from '@node-rs/argon2';
import { readConfig, withDemoFolder, type Config } from '#server/config.ts';
import { playHistory } from '#server/demo/history/play-history.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemo } from '#server/demo/seed-demo.ts';
import { openBuiltWeb } from '../built-web.ts';
import { start, stopOnSignal, type StartOptions } from '../main.ts';

/** Seeds the demo agency once: everything but what its people did. */
export const prepareDemo: NonNullable<StartOptions['prepare']> = ({ parts }) =>
	seedDemo({ ...parts, hashPassword: (password) => hash(password) });

/** The same with a past; for the demo and for development. */
export const prepareLivedInDemo: NonNullable<StartOptions['prepare']> = async (composed) => {
	await prepareDemo(composed);
	await playHistory({ app: composed.app, db: composed.parts.db, password: DEMO_PASSWORD });
};

async function resolves(origin: string): Promise<boolean> {
	try {
		await lookup(new URL(origin).hostname);
		return true;
	} catch {
		// Browsers resolve *.localhost by themselves; only other programs and Safari need the line.
		return false;
	}
}

async function hostsFileLines(config: Config): Promise<string[]> {
	const hosts = [config.portalOrigin, config.replayOrigin];
	if (!(await Promise.all(hosts.map(resolves))).includes(false)) return [];
	return [
		'',
		'  If your browser cannot open the portal, add this line to your hosts file:',
		`    127.0.0.1 ${hosts.map((origin) => new URL(origin).hostname).join(' ')}`
	];
}

/** What to open, who may sign in, and what to click first. */
export async function welcome(config: Config): Promise<string> {
	const width = Math.max(...DEMO_ACCOUNTS.map((account) => account.email.length));
	return [
		'',
		'  Switchback demo is ready.',
		'',
		`  Agency   ${config.agencyOrigin}`,
		`  Portal   ${config.portalOrigin}`,
		'',
		`  Accounts (password of every account: ${DEMO_PASSWORD})`,
		...DEMO_ACCOUNTS.map((a) => `    ${a.side.padEnd(7)} ${a.email.padEnd(width)}  ${a.role}`),
		'',
		'  First: sign in to the agency as maya@northwind.test, open Clients, search "blue", open Bluebird Bakery,',
		'  press Impersonate, choose a reason and Act, then Start impersonation.',
		'  Second person: use a private window, sign in as sofia@northwind.test and open Live.',
		...(await hostsFileLines(config)),
		''
	].join('\n');
}

export default async function demo(): Promise<void> {
	const config = withDemoFolder(readConfig());
	const running = await start(config, {
		prepare: prepareLivedInDemo,
		openWeb: openBuiltWeb,
		otherUpgrades: 'destroy'
	});
	stopOnSignal(running);
	process.stdout.write(`${await welcome(config)}\n`);
}
