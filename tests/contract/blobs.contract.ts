// What every block store keeps to.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isAppError } from '#domain/errors.ts';
import type { Blobs } from '#server/ports/blobs.ts';

export type BlobsFixture = { blobs: Blobs; close(): Promise<void> };

const codeOf = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'done',
		(error: unknown) => (isAppError(error) ? error.code : String(error))
	);

export async function bytesOf(stream: Readable | null): Promise<string | null> {
	if (!stream) return null;
	const parts: Buffer[] = [];
	for await (const part of stream) parts.push(part);
	return Buffer.concat(parts).toString();
}

export const source = (...parts: string[]): Readable => Readable.from(parts.map((part) => Buffer.from(part)));

export function blobsContract(name: string, open: () => Promise<BlobsFixture>): void {
	const withBlobs = (work: (blobs: Blobs) => Promise<void>) => async () => {
		const { blobs, close } = await open();
		await work(blobs).finally(close);
	};

	describe(`blobs: ${name}`, () => {
		it(
			'give back what was stored, whole or a range with both ends',
			withBlobs(async (blobs) => {
				const stored = await blobs.put('uploads/a/one.bin', source('hello ', 'world'), 11);
				expect(stored).toEqual({
					bytes: 11,
					sha256: createHash('sha256').update('hello world').digest('hex')
				});
				expect(await bytesOf(await blobs.open('uploads/a/one.bin'))).toBe('hello world');
				expect(await bytesOf(await blobs.open('uploads/a/one.bin', { start: 4, end: 6 }))).toBe('o w');
				expect(await bytesOf(await blobs.open('uploads/a/one.bin', { start: 6, end: 999 }))).toBe('world');
			})
		);

		it(
			'keep an empty object',
			withBlobs(async (blobs) => {
				expect((await blobs.put('empty', source(), 5)).bytes).toBe(0);
				expect(await bytesOf(await blobs.open('empty'))).toBe('');
			})
		);

		it(
			'answer null for what is not there',
			withBlobs(async (blobs) => {
				expect(await blobs.open('none')).toBeNull();
				await blobs.put('a', source('x'), 5);
				expect(await blobs.open('a/b')).toBeNull();
			})
		);

		it(
			'remove, also twice',
			withBlobs(async (blobs) => {
				await blobs.put('a', source('x'), 5);
				await blobs.remove('a');
				await blobs.remove('a');
				expect(await blobs.open('a')).toBeNull();
			})
		);

		it(
			'refuse one byte too many while it streams, and leave nothing',
			withBlobs(async (blobs) => {
				expect(await codeOf(blobs.put('a', source('12345', '6'), 5))).toBe('too_large');
				expect(await blobs.open('a')).toBeNull();
				expect((await blobs.put('a', source('12345'), 5)).bytes).toBe(5);
			})
		);

		it(
			'show nothing before all is kept, nor after a source that breaks off',
			withBlobs(async (blobs) => {
				const half = new Readable({ read() {} });
				const storing = codeOf(blobs.put('a', half, 100));
				half.push('half');
				await new Promise((resolve) => setTimeout(resolve, 20));
				expect(await blobs.open('a')).toBeNull();
				half.destroy(new Error('gone'));
				expect(await storing).toContain('gone');
				expect(await blobs.open('a')).toBeNull();
			})
		);

		it(
			'never replace an object',
			withBlobs(async (blobs) => {
				await blobs.put('a', source('first'), 100);
				expect(await codeOf(blobs.put('a', source('second'), 100))).toBe('conflict');
				expect(await bytesOf(await blobs.open('a'))).toBe('first');
			})
		);

		it(
			'list what begins with a prefix, with size and time',
			withBlobs(async (blobs) => {
				const before = Date.now();
				for (const key of ['a/one', 'a/two', 'ab/three', 'b']) await blobs.put(key, source('xyz'), 5);
				const listed = async (prefix: string) => {
					const found = await Array.fromAsync(blobs.list(prefix));
					// A clock of a server may count whole seconds.
					expect(found.every(({ bytes, at }) => bytes === 3 && Math.abs(at - before) < 5_000)).toBe(true);
					return found.map(({ key }) => key).toSorted();
				};
				expect(await listed('')).toEqual(['a/one', 'a/two', 'ab/three', 'b']);
				expect(await listed('a')).toEqual(['a/one', 'a/two', 'ab/three']);
				expect(await listed('a/')).toEqual(['a/one', 'a/two']);
				expect(await listed('a/t')).toEqual(['a/two']);
				expect(await listed('none/')).toEqual([]);
				expect(await codeOf(Array.fromAsync(blobs.list('../')))).toBe('invalid');
			})
		);

		const escapes = [
			'../x',
			'a/../../x',
			'/etc/passwd',
			'..',
			'.',
			'',
			'a//b',
			'a/',
			'.incoming/x',
			'a\\..\\b',
			'a\0b',
			'a\n',
			'%2e%2e/x'
		];
		it.each(escapes)('refuse the key %j', (key) =>
			withBlobs(async (blobs) => {
				expect(await codeOf(blobs.put(key, source('x'), 5))).toBe('invalid');
				expect(await codeOf(blobs.open(key))).toBe('invalid');
				expect(await codeOf(blobs.remove(key))).toBe('invalid');
			})()
		);
	});
}
