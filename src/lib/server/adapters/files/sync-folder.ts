// Makes the entries of a folder survive a power cut: a file's own fsync does not keep its name.
import { open } from 'node:fs/promises';

export async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	await handle.sync().finally(() => handle.close());
}
