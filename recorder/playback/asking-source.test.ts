import { expect, it } from 'vitest';
import { AskingSource } from './asking-source.ts';
import type { Wanted } from './frame-protocol.ts';

function open() {
	const asked: [number, Wanted][] = [];
	const source = new AskingSource((request, wanted) => asked.push([request, wanted]));
	return { asked, source };
}
const film = { startAt: 0, endAt: 1, isRunning: false, pages: [] };
const tail = { checkpoint: 'whole', lastSeq: 4, hasMore: true } as const;

it('hands each answer to who asked for it, in whatever order they come', async () => {
	const { asked, source } = open();
	const all = Promise.all([source.block('b'), source.tail('p', 3), source.index()]);
	expect(asked.map(([, wanted]) => wanted)).toEqual([
		{ kind: 'block', blockId: 'b' },
		{ kind: 'tail', pageId: 'p', from: 3 },
		{ kind: 'index' }
	]);
	const [block = 0, rest = 0, index = 0] = asked.map(([request]) => request);
	source.take({ kind: 'replay:index', request: index, film });
	source.take({ kind: 'replay:piece', request: rest, bytes: new ArrayBuffer(2), tail });
	source.take({ kind: 'replay:piece', request: block, bytes: new ArrayBuffer(1), tail: null });
	const answers = await all;
	expect(answers[0].byteLength).toBe(1);
	expect(answers[1]).toMatchObject({ ...tail, bytes: new Uint8Array(2) });
	expect(answers[2]).toBe(film);
});

it.each(['gone', 'failed'] as const)('says that a piece is %s', async (why) => {
	const { asked, source } = open();
	const reading = source.block('b');
	source.take({ kind: 'replay:none', request: asked[0]![0], why });
	await expect(reading).rejects.toMatchObject({ why });
});

it('takes an answer of another kind for a failure, and one nobody waits for for none', async () => {
	const { asked, source } = open();
	source.take({ kind: 'replay:none', request: 77, why: 'gone' });
	const reading = source.block('b');
	source.take({ kind: 'replay:index', request: asked[0]![0], film });
	await expect(reading).rejects.toMatchObject({ why: 'failed' });
});
