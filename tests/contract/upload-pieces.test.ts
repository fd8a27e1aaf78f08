// Uploads in pieces: in a folder of one process, and in a store that several processes share.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { TusUploads, type UploadHooks } from '#server/adapters/files/tus-uploads.ts';
import { BlobPieces } from '#server/adapters/s3/blob-pieces.ts';

const folders: string[] = [];
function freshFolder(): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-pieces-'));
	folders.push(folder);
	return folder;
}
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const ID = '0192f0c1-0000-7000-8000-000000000001';
const ADDRESS = `http://portal.test/uploads/${ID}`;
const TUS = { 'tus-resumable': '1.0.0' };

/** What the use cases do, without rows. */
class Kept {
	whole: Buffer | null = null;
	/** Thrown by the next finishes, before or behind their reading. */
	readonly faults: { at: 'once' | 'read'; error: Error }[] = [];
	finished = 0;
	forgotten = 0;
	readonly hooks: UploadHooks = {
		begin: () => Promise.resolve(ID),
		check: () => Promise.resolve({ bytes: 11, isDone: this.whole !== null }),
		finish: async (_id, source) => {
			const parts: Buffer[] = [];
			const fault = this.faults.shift();
			if (fault?.at === 'once') throw fault.error;
			for await (const part of source as AsyncIterable<Buffer>) parts.push(part);
			if (fault) throw fault.error;
			this.finished++;
			this.whole = Buffer.concat(parts);
		},
		forget: () => Promise.resolve(void this.forgotten++)
	};
}

const ask = (uploads: TusUploads, { hooks }: Kept, method: string, init: RequestInit = {}) => {
	const address = method === 'POST' ? 'http://portal.test/uploads' : ADDRESS;
	const headers = { ...TUS, ...(init.headers as Record<string, string>) };
	return uploads.answer(new Request(address, { ...init, method, headers }), '/uploads', hooks);
};

const begin = (uploads: TusUploads, kept: Kept) =>
	ask(uploads, kept, 'POST', { headers: { 'upload-length': '11' } });

const send = (uploads: TusUploads, kept: Kept, offset: number, text: string) =>
	ask(uploads, kept, 'PATCH', {
		headers: { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
		body: text
	});

const offsetOf = async (uploads: TusUploads, kept: Kept) =>
	(await ask(uploads, kept, 'HEAD')).headers.get('upload-offset');

async function sharedBy(count: number): Promise<{ processes: TusUploads[]; blobs: FileBlobs }> {
	const blobs = await FileBlobs.open(freshFolder());
	const processes = Array.from({ length: count }, () => new TusUploads(new BlobPieces(blobs, 60_000)));
	return { processes, blobs };
}

describe.each([
	['a folder', () => Promise.resolve(new TusUploads(freshFolder()))],
	['a shared store', async () => (await sharedBy(1)).processes[0]!]
])('pieces in %s', (_where, open) => {
	it('are counted, joined in order and gone once they are a file', async () => {
		const [uploads, kept] = [await open(), new Kept()];
		expect((await begin(uploads, kept)).status).toBe(201);
		expect(await offsetOf(uploads, kept)).toBe('0');
		expect((await send(uploads, kept, 0, 'hello ')).status).toBe(204);
		expect(await offsetOf(uploads, kept)).toBe('6');
		expect((await send(uploads, kept, 3, 'lo world')).status).toBe(409);
		expect((await send(uploads, kept, 6, 'world')).status).toBe(204);
		expect(kept.whole?.toString()).toBe('hello world');
	});

	it.each(['once', 'read'] as const)(
		'outlive a fault that passes, at %s, and become the file at a later question',
		async (at) => {
			const [uploads, kept] = [await open(), new Kept()];
			await begin(uploads, kept);
			const faults = [new AppError('try_later', 'The store does not answer.'), new Error('gone')];
			kept.faults.push(...faults.map((error) => ({ at, error })));
			await expect(send(uploads, kept, 0, 'hello world')).rejects.toMatchObject({ code: 'try_later' });
			await expect(offsetOf(uploads, kept)).rejects.toThrow('gone');
			expect(await offsetOf(uploads, kept)).toBe('11');
			expect([kept.whole?.toString(), kept.finished, kept.forgotten]).toEqual(['hello world', 1, 0]);
		}
	);

	it('are forgotten when they are refused for good', async () => {
		const [uploads, kept] = [await open(), new Kept()];
		await begin(uploads, kept);
		kept.faults.push({ at: 'read', error: new AppError('invalid', 'It is a page.') });
		await expect(send(uploads, kept, 0, 'hello world')).rejects.toMatchObject({ code: 'invalid' });
		expect([kept.forgotten, (await ask(uploads, kept, 'HEAD')).status]).toEqual([1, 404]);
	});

	it('become one file of two questions that come together', async () => {
		const [uploads, kept] = [await open(), new Kept()];
		await begin(uploads, kept);
		kept.faults.push({ at: 'read', error: new AppError('try_later', 'The store does not answer.') });
		await expect(send(uploads, kept, 0, 'hello world')).rejects.toMatchObject({ code: 'try_later' });
		expect(await Promise.all([offsetOf(uploads, kept), offsetOf(uploads, kept)])).toEqual(['11', '11']);
		expect([kept.whole?.toString(), kept.finished, kept.forgotten]).toEqual(['hello world', 1, 0]);
	});

	it('are forgotten when the upload is cancelled', async () => {
		const [uploads, kept] = [await open(), new Kept()];
		await begin(uploads, kept);
		await send(uploads, kept, 0, 'hello ');
		expect((await ask(uploads, kept, 'DELETE')).status).toBe(204);
		expect((await ask(uploads, kept, 'HEAD')).status).toBe(404);
	});
});

describe('pieces that several processes share', () => {
	it('go on in another process, and leave nothing in the store', async () => {
		const { processes, blobs } = await sharedBy(2);
		const [first, second] = processes as [TusUploads, TusUploads];
		const kept = new Kept();
		await begin(first, kept);
		await send(first, kept, 0, 'hello ');
		expect(await offsetOf(second, kept)).toBe('6');
		await send(second, kept, 6, 'world');
		expect(kept.whole?.toString()).toBe('hello world');
		expect(await Array.fromAsync(blobs.list(''))).toEqual([]);
	});

	it('take one of two that write the same stretch at once', async () => {
		const { processes } = await sharedBy(2);
		const [first, second] = processes as [TusUploads, TusUploads];
		const kept = new Kept();
		await begin(first, kept);
		const answers = await Promise.all([send(first, kept, 0, 'first!'), send(second, kept, 0, 'second')]);
		expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
		expect(await offsetOf(first, kept)).toBe('6');
	});

	it('are removed by age, whoever left them', async () => {
		const blobs = await FileBlobs.open(freshFolder());
		const uploads = new TusUploads(new BlobPieces(blobs, -1));
		await begin(uploads, new Kept());
		await uploads.removeExpired();
		expect(await Array.fromAsync(blobs.list(''))).toEqual([]);
	});
});
