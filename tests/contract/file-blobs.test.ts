import { lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { blobsContract, bytesOf, source } from './blobs.contract.ts';

const folders: string[] = [];
function freshFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-blobs-'));
	folders.push(folder);
	return folder;
}
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

blobsContract('files', async () => ({
	blobs: await FileBlobs.open(freshFolder()),
	close: () => Promise.resolve()
}));

it('keeps files and folders from every other user, and clears what a kill left half-received', async () => {
	const folder = path.join(freshFolder(), 'blobs');
	await FileBlobs.open(folder);
	for (const name of ['left', 'under-way']) writeFileSync(path.join(folder, '.incoming', name), 'half');
	const yesterday = new Date(Date.now() - 86_400_000);
	utimesSync(path.join(folder, '.incoming', 'left'), yesterday, yesterday);
	const blobs = await FileBlobs.open(folder);
	// Another process may be receiving what is young.
	expect(readdirSync(path.join(folder, '.incoming'))).toEqual(['under-way']);
	await blobs.put('a/b/c', source('x'), 5);
	const modes = ['', '.incoming', 'a', 'a/b', 'a/b/c'].map(
		(name) => lstatSync(path.join(folder, name)).mode & 0o777
	);
	expect(modes).toEqual([0o700, 0o700, 0o700, 0o700, 0o600]);
});

it('does not follow a link planted under a key', async () => {
	const folder = freshFolder();
	const blobs = await FileBlobs.open(folder);
	symlinkSync('/etc/passwd', path.join(folder, 'planted'));
	expect(await bytesOf(await blobs.open('planted'))).toBeNull();
});
