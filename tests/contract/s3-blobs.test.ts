import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Blobs } from '#server/adapters/s3/s3-blobs.ts';
import { startS3, type S3Server } from '#support/s3-server.ts';
import { blobsContract, bytesOf, source } from './blobs.contract.ts';

const PART = 8 * 1024 * 1024;

let server: S3Server;
beforeAll(async () => {
	server = await startS3();
});
afterAll(() => server.stop());

async function fresh(): Promise<S3Blobs> {
	const blobs = new S3Blobs(server.settings);
	for await (const { key } of blobs.list('')) await blobs.remove(key);
	return blobs;
}

blobsContract('S3', async () => {
	const blobs = await fresh();
	return { blobs, close: async () => blobs.close() };
});

describe('blobs in a bucket', () => {
	it.each([PART, PART + 1, 2 * PART + 7])('keep %i bytes, in parts or not', async (size) => {
		const blobs = await fresh();
		const bytes = randomBytes(size);
		const chunks = Array.from({ length: Math.ceil(size / 65_537) }, (_, n) =>
			bytes.subarray(n * 65_537, (n + 1) * 65_537)
		);
		const sha256 = createHash('sha256').update(bytes).digest('hex');
		expect(await blobs.put('large', Readable.from(chunks), size)).toEqual({ bytes: size, sha256 });
		const hash = createHash('sha256');
		for await (const part of (await blobs.open('large'))!) hash.update(part as Buffer);
		expect(hash.digest('hex')).toBe(sha256);
		const [only] = await Array.fromAsync(blobs.list('large'));
		expect(only).toMatchObject({ key: 'large', bytes: size });
	});

	it('leave no part of one that grew too large or broke off behind its first part', async () => {
		const blobs = await fresh();
		const many = () => Array.from({ length: 40 }, () => Buffer.alloc(512 * 1024));
		await expect(blobs.put('a', Readable.from(many()), 2 * PART)).rejects.toMatchObject({
			code: 'too_large'
		});
		const breaking = Readable.from(
			(function* () {
				yield* many();
				throw new Error('gone');
			})()
		);
		await expect(blobs.put('a', breaking, 99 * PART)).rejects.toThrow('gone');
		expect(await blobs.open('a')).toBeNull();
		expect(await Array.fromAsync(blobs.list(''))).toEqual([]);
	});

	it('say try_later when the server is gone, and work again with it', async () => {
		const gone = new S3Blobs({ ...server.settings, endpoint: 'http://127.0.0.1:9' });
		await expect(gone.put('a', source('x'), 5)).rejects.toMatchObject({ code: 'try_later' });
		await expect(gone.open('a')).rejects.toMatchObject({ code: 'try_later' });
		await expect(gone.ping()).rejects.toMatchObject({ code: 'try_later' });
		await expect(new S3Blobs(server.settings).ping()).resolves.toBeUndefined();
		const elsewhere = new S3Blobs({ ...server.settings, bucket: 'no-such-bucket' });
		await expect(elsewhere.ping()).rejects.toMatchObject({ code: 'try_later', details: { status: 404 } });
		expect(await bytesOf(await new S3Blobs(server.settings).open('none'))).toBeNull();
	});
});
