// The folder of the unix socket. Inside, PostgreSQL trusts whoever can connect: the folder's mode is the password.
import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunAs } from './run-as.ts';

/** Where the socket of a cluster lies: a socket's path ends at 107 bytes, so not in a deep data folder. */
export const socketFolderOf = (cluster: string): string =>
	path.join(tmpdir(), `switchback-pg-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`);

/**
 * Makes the socket's folder, or checks the one that exists.
 * @throws Error when the folder is not ours alone
 */
export function socketFolder(cluster: string, { owner }: RunAs): string {
	const folder = socketFolderOf(cluster);
	try {
		mkdirSync(folder, { mode: 0o700 });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	// The attack: the name can be guessed, so another user of this machine makes the folder first (or a link to one
	// of theirs) and puts a server of their own in it, or reads ours. lstat, so that a link is seen as one.
	const { uid, mode } = lstatSync(folder);
	const isPlainFolder = (mode & 0o170000) === 0o040000;
	const isOurs = uid === owner.uid || uid === process.getuid?.();
	if (!isPlainFolder || !isOurs || (mode & 0o777) !== 0o700)
		throw new Error(
			`${folder} is not a folder of ours with mode 0700: someone else made it; remove it and start again`
		);
	if (uid !== owner.uid) chownSync(folder, owner.uid, owner.gid);
	return folder;
}

/** Takes the folder away with what a killed server left in it; used when the cluster itself goes. */
export const removeSocketFolder = (cluster: string): void =>
	rmSync(socketFolderOf(cluster), { recursive: true, force: true });
