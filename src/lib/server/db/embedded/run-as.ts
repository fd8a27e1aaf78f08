// Decides under which user PostgreSQL runs: it refuses root, and containers and fresh machines are often root.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type RunAs = {
	/** Given to spawn; empty when we are not root. */
	ids: { uid?: number; gid?: number };
	/** Words to put before the command. */
	prefix: readonly string[];
	/** Who owns the files as seen from outside. */
	owner: { uid: number; gid: number };
};

const UNPRIVILEGED_USER = 'nobody';

/** Maps root to an unprivileged number inside; outside the files still belong to root. */
const NAMESPACE = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] as const;

/**
 * As root: the owner of an existing cluster, else `nobody` if it reaches binaries and data, else a user namespace.
 * @param cluster the cluster's folder, which need not exist; its parent does
 * @throws Error that names the ways out when none of them works
 */
export function runAs(native: string, cluster: string): RunAs {
	const uid = process.getuid?.() ?? 0;
	if (uid !== 0) return { ids: {}, prefix: [], owner: { uid, gid: process.getgid?.() ?? 0 } };
	// A cluster keeps its owner even if its folder has become reachable since: PostgreSQL refuses another's files.
	const existing = statSync(cluster, { throwIfNoEntry: false });
	const wanted = existing ? { uid: existing.uid, gid: existing.gid } : unprivilegedUser();
	if (wanted && wanted.uid !== 0 && reaches(wanted, native, path.dirname(cluster)))
		return { ids: wanted, prefix: [], owner: wanted };
	const usesNamespace = !existing || existing.uid === 0;
	if (usesNamespace && spawnSync(NAMESPACE[0], [...NAMESPACE.slice(1), 'true']).status === 0)
		return { ids: {}, prefix: NAMESPACE, owner: { uid: 0, gid: 0 } };
	throw new Error(
		`running as root, and no unprivileged user reaches ${native} and ${cluster}: ` +
			'start as another user, set DATA_DIR to a folder others may enter, or set DATABASE_URL'
	);
}

function unprivilegedUser(): { uid: number; gid: number } | null {
	const line = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((row) => row.split(':'))
		.find(([name]) => name === UNPRIVILEGED_USER);
	return line ? { uid: Number(line[2]), gid: Number(line[3]) } : null;
}

function reaches(ids: { uid: number; gid: number }, native: string, parent: string): boolean {
	const paths = [path.join(native, 'bin/postgres'), parent];
	const script = 'for p; do test -x "$p" || exit 1; done';
	return spawnSync('/bin/sh', ['-c', script, 'sh', ...paths], { ...ids, cwd: '/' }).status === 0;
}
