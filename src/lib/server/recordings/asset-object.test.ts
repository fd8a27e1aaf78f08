import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ASSET_HEADER_BYTES } from '#recorder/format/asset-header.ts';
import { MAX_ASSET_BYTES } from '#recorder/format/assets.ts';
import { openAsset, sealAsset } from './asset-object.ts';
import { sha256 } from './batch-chain.ts';

const key = randomBytes(32);
const file = Buffer.from('\x89PNG and so on');
const facts = {
	type: 'image/png' as const,
	agencyId: randomUUID(),
	clientId: randomUUID(),
	hash: sha256(file)
};
const changed = (object: Buffer, at: number): Buffer => {
	const copy = Buffer.from(object);
	copy[at] = (copy[at] ?? 0) ^ 1;
	return copy;
};

describe('a stored asset [B14]', () => {
	it('opens to the same bytes, and tells nothing of them without its key', () => {
		const object = sealAsset(facts, file, key);
		expect(openAsset(object, key)).toMatchObject({ file, header: { ...facts, bytes: file.length } });
		expect(object.includes(file)).toBe(false);
		expect(() => openAsset(object, randomBytes(32))).toThrow('another one');
	});

	it('is refused with one bit changed, wherever it is', () => {
		const object = sealAsset(facts, file, key);
		for (let at = 0; at < object.length; at++) expect(() => openAsset(changed(object, at), key)).toThrow();
	});

	it('is refused where its length or its hash is another', () => {
		const object = sealAsset(facts, file, key);
		expect(() => openAsset(object.subarray(0, -1), key)).toThrow('not as long');
		expect(() => openAsset(object.subarray(0, ASSET_HEADER_BYTES - 1), key)).toThrow('cut off');
		const other = sealAsset({ ...facts, hash: sha256(Buffer.from('else')) }, file, key);
		expect(() => openAsset(other, key)).toThrow('another one than it says');
		expect(() => openAsset(sealAsset(facts, Buffer.alloc(MAX_ASSET_BYTES + 1), key), key)).toThrow('larger');
	});
});
