// Makes a new database cluster so that a kill at any moment leaves either none or a whole one.
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { guardedProcess } from './guarded-process.ts';
import type { RunAs } from './run-as.ts';

const SETTINGS = [
	'-U',
	'postgres',
	'--auth=trust',
	'--encoding=UTF8',
	// The built-in locale sorts alike on every machine, so an index survives a move to another libc.
	'--locale-provider=builtin',
	'--builtin-locale=C.UTF-8',
	'--data-checksums'
];

type Place = { native: string; cluster: string; who: RunAs };

/** Creates the cluster if it is not there yet. `isDurable`: whether a power cut right after must find it whole. */
export async function initCluster({ native, cluster, who }: Place, isDurable: boolean): Promise<void> {
	if (existsSync(path.join(cluster, 'PG_VERSION'))) return;
	removeLeftovers(cluster);
	const fresh = `${cluster}.new-${process.pid}`;
	mkdirSync(fresh, { mode: 0o700 });
	if (who.ids.uid !== undefined) chownSync(fresh, who.owner.uid, who.owner.gid);
	const settings = isDurable ? SETTINGS : [...SETTINGS, '--no-sync'];
	const initdb = guardedProcess(who, [path.join(native, 'bin/initdb'), '-D', fresh, ...settings]);
	const code = await initdb.exited;
	if (code !== 0) {
		rmSync(fresh, { recursive: true, force: true });
		throw new Error(`initdb failed (${code}): ${initdb.log().trim()}`);
	}
	try {
		renameSync(fresh, cluster);
	} catch (error) {
		// Another process of ours finished first: its cluster is as good.
		if (!existsSync(path.join(cluster, 'PG_VERSION'))) throw error;
		rmSync(fresh, { recursive: true, force: true });
	}
}

/** Removes what a killed initdb left, but not what a living process of ours is making right now. */
function removeLeftovers(cluster: string): void {
	const parent = path.dirname(cluster);
	const prefix = `${path.basename(cluster)}.new-`;
	for (const name of readdirSync(parent).filter((entry) => entry.startsWith(prefix))) {
		const pid = Number(name.slice(prefix.length));
		if (pid !== process.pid && isAlive(pid)) continue;
		rmSync(path.join(parent, name), { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
