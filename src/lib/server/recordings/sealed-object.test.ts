// Blocks as objects: sealed, opened, attacked bit by bit; and files of every version of the format that was ever written.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '#recorder/format/block-payload.ts';
import { encodeBatch, type RecordedEvent } from '#recorder/format/events.ts';
import { ShadowDocument } from '#recorder/format/shadow-document.ts';
import { firstPicture, listGrows } from '#support/recorded-list.ts';
import { CHAIN_START, chainOver } from './batch-chain.ts';
import { mergeBlocks } from './merge-blocks.ts';
import { PageSealer, type SealedBlock } from './page-sealer.ts';
import { agencyKey, newKey, unwrapKey, wrapKey } from './recording-keys.ts';
import { openBlock, openDictionary } from './sealed-object.ts';

const VECTORS = new URL('../../../../tests/vectors/', import.meta.url);
const ids = {
	agencyId: '0190a000-0000-7000-8000-00000000000a',
	impersonationId: '0190a000-0000-7000-8000-00000000000b',
	pageId: '0190a000-0000-7000-8000-00000000000c'
};
const START = 1_790_000_000_000;
const key = newKey();

const batchOf = (seq: number, events: RecordedEvent[] = listGrows(seq, START + seq * 250)) => ({
	seq,
	receivedAt: START + seq * 250 + 20,
	offsetMs: 0,
	bytes: encodeBatch(events)
});
const BATCHES = [batchOf(0, firstPicture(START)), ...Array.from({ length: 99 }, (_, at) => batchOf(at + 1))];

function sealAll(): { blocks: SealedBlock[]; dictionary: Uint8Array } {
	const makeShadow = () => new ShadowDocument({ maxNodes: 10_000, maxBytes: 1e7 });
	const sealer = new PageSealer({ ids, key, policy: 7, openedAt: START - 5, makeShadow }, null);
	const blocks: SealedBlock[] = [];
	for (let left = BATCHES; left.length > 0;) {
		const block = sealer.seal(left, true)!;
		blocks.push(block);
		left = left.filter(({ seq }) => seq > block.figures.lastSeq);
	}
	return { blocks, dictionary: blocks[0]!.dictionary!.object };
}
const { blocks, dictionary: dictionaryObject } = sealAll();
const dictionary = await openDictionary(dictionaryObject, key);
const how = { key, dictionary };

describe('a sealed block', () => {
	it('gives back what was sealed, and carries the batch chain on', async () => {
		let hash: Uint8Array = CHAIN_START;
		const read: number[] = [];
		for (const { object, figures } of blocks) {
			const { header, payload } = await openBlock(object, how);
			const { batches } = decodePayload(payload);
			expect(Buffer.from(header.previousHash).equals(hash)).toBe(true);
			hash = chainOver(hash, batches);
			expect(Buffer.from(header.batchHash).equals(hash)).toBe(true);
			expect(header).toMatchObject({ ...ids, policy: 7, firstSeq: figures.firstSeq });
			read.push(...batches.map(({ seq }) => seq));
			for (const { seq, bytes } of batches) expect(Buffer.from(bytes).equals(BATCHES[seq]!.bytes)).toBe(true);
		}
		expect(read).toEqual(BATCHES.map(({ seq }) => seq));
		expect(Buffer.from(chainOver(CHAIN_START, BATCHES)).equals(hash)).toBe(true);
	});

	it('with one bit flipped anywhere is an error with a sentence, never another content', async () => {
		const { object } = blocks[1]!;
		for (let bit = 0; bit < object.length * 8; bit += 13) {
			const broken = Uint8Array.from(object);
			broken[bit >> 3]! ^= 1 << (bit & 7);
			await expect(openBlock(broken, how)).rejects.toThrow(/\.$/);
		}
	});

	it('cut off or replaced by noise is an error with a sentence', async () => {
		const { object } = blocks[1]!;
		for (let length = 0; length < object.length; length += 17)
			await expect(openBlock(object.subarray(0, length), how)).rejects.toThrow(/\.$/);
		const noise = Uint8Array.from({ length: 4_000 }, (_, at) => (at * 2_654_435_761) >>> 13);
		await expect(openBlock(noise, how)).rejects.toThrow(/\.$/);
		await expect(openDictionary(noise, key)).rejects.toThrow(/\.$/);
	});

	it('opens with its own key and dictionary only', async () => {
		const { object } = blocks[1]!;
		await expect(openBlock(object, { key: newKey(), dictionary })).rejects.toThrow('does not open');
		await expect(openBlock(object, { key, dictionary: null })).rejects.toThrow('dictionary');
		const other = { bytes: dictionary.bytes, hash: new Uint8Array(32).fill(1) };
		await expect(openBlock(object, { key, dictionary: other })).rejects.toThrow('dictionary');
		await expect(openDictionary(dictionaryObject, newKey())).rejects.toThrow('does not open');
	});

	it('takes up much less than what is in it', () => {
		const stored = blocks.reduce((sum, { object }) => sum + object.length, dictionaryObject.length);
		const raw = BATCHES.reduce((sum, { bytes }) => sum + bytes.length, 0);
		expect(stored).toBeLessThan(raw / 4);
	});

	it('merges with its neighbours into one of the same chain and content, and with no other', async () => {
		const merged = await mergeBlocks(
			blocks.map(({ object }) => object),
			how
		);
		const { header, payload } = await openBlock(merged.object, how);
		expect(header).toMatchObject({ firstSeq: 0, lastSeq: 99, checkpoint: 'empty', policy: 7 });
		expect(Buffer.from(header.batchHash).equals(blocks.at(-1)!.figures.batchHash)).toBe(true);
		expect(decodePayload(payload).batches).toHaveLength(100);
		expect(merged.figures.activity.length).toBe(25);
		expect(merged.object.length).toBeLessThan(blocks.reduce((sum, { object }) => sum + object.length, 0));
		await expect(mergeBlocks([blocks[0]!.object, blocks[2]!.object], how)).rejects.toThrow('does not follow');
	});
});

describe('a wrapped key', () => {
	const master = new Uint8Array(32).fill(5);
	const by = agencyKey(master, ids.agencyId, 'recording');

	it('opens for its owner, with its agency’s key, unchanged', () => {
		const wrapped = wrapKey(by, key, ids.impersonationId);
		expect(unwrapKey(by, wrapped, ids.impersonationId).equals(key)).toBe(true);
		expect(() => unwrapKey(by, wrapped, ids.pageId)).toThrow('master key');
		expect(() =>
			unwrapKey(agencyKey(master, ids.pageId, 'recording'), wrapped, ids.impersonationId)
		).toThrow();
		expect(() =>
			unwrapKey(agencyKey(master, ids.agencyId, 'personal'), wrapped, ids.impersonationId)
		).toThrow();
		for (let at = 0; at < wrapped.length; at += 1) {
			const broken = Buffer.from(wrapped);
			broken[at]! ^= 1;
			expect(() => unwrapKey(by, broken, ids.impersonationId)).toThrow();
		}
	});
});

describe('files of version 1', () => {
	type Vector = { key: string; batchHash: string; batches: number; firstCheckpoint: number; texts: string[] };
	const file = (name: string) => readFileSync(new URL(name, VECTORS));
	const vector = JSON.parse(file('recording-1.json').toString()) as Vector;

	it('are read to the last byte', async () => {
		const vectorKey = Buffer.from(vector.key, 'hex');
		const own = await openDictionary(file('dictionary-1.bin'), vectorKey);
		let batches = 0;
		let hash: Uint8Array = CHAIN_START;
		for (const [index, name] of ['block-1-empty.bin', 'block-1-whole.bin'].entries()) {
			const { header, payload } = await openBlock(file(name), { key: vectorKey, dictionary: own });
			const content = decodePayload(payload);
			hash = chainOver(hash, content.batches);
			batches += content.batches.length;
			expect(Buffer.from(hash).equals(header.batchHash)).toBe(true);
			if (index === 1) expect(content.checkpoint).toHaveLength(vector.firstCheckpoint);
			for (const text of vector.texts.slice(index, index + 1))
				expect(
					JSON.stringify([
						content.checkpoint,
						...content.batches.map(({ bytes }) => Buffer.from(bytes).toString())
					])
				).toContain(text);
		}
		expect(batches).toBe(vector.batches);
		expect(Buffer.from(hash).toString('hex')).toBe(vector.batchHash);
	});
});
