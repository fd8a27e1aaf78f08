import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PART_BYTES } from '#protocol/index.ts';
import {
	closeSockets,
	RecorderClient,
	snapshot,
	typed,
	until,
	WatcherClient
} from '../support/hub-client.ts';
import { HubWorld, type TestImpersonation, type TestPage, type TestStaff } from '../support/hub-world.ts';

let world: HubWorld;
let impersonation: TestImpersonation;
let page: TestPage;
let sofia: TestStaff;
let recorder: RecorderClient;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
	recorder = await new RecorderClient(world, page).ready();
	expect(await recorder.append(0, snapshot())).toEqual({ ok: true, got: 0 });
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const bytes = (text: string) => new TextEncoder().encode(text);
const one = { seq: 1, part: 0, parts: 1 };
const isDropped = () => until(() => recorder.disconnected !== null, 'the connection to be dropped', 4_000);
const stillWorks = async (seq = 1) => {
	const again = recorder.disconnected ? await new RecorderClient(world, page).ready() : recorder;
	expect(await again.append(seq, [typed('honest')])).toEqual({ ok: true, got: seq });
};

describe('what is no batch', () => {
	const bad: [string, Uint8Array][] = [
		['no JSON', bytes('{{{')],
		['no UTF-8', new Uint8Array([0x5b, 0xff, 0xfe, 0x5d])],
		['no array', bytes('{"type":3}')],
		['an event without a type', bytes('[{"timestamp":1,"data":{}}]')],
		['an event of an unknown type', bytes('[{"type":99,"timestamp":1,"data":{}}]')],
		['a time that is no number', bytes('[{"type":3,"timestamp":"now","data":{}}]')],
		['nothing at all', new Uint8Array()]
	];
	it.each(bad)('is refused and not stored: %s [R5]', async (_, content) => {
		expect(await recorder.append(1, content)).toEqual({ ok: false, refusal: 'malformed', got: 0 });
		await stillWorks();
	});

	it('does not stall or end the hub, however deep it is', async () => {
		const deep = `${'['.repeat(120_000)}${']'.repeat(120_000)}`;
		for (const content of [
			deep,
			`[{"type":3,"timestamp":1,"data":${deep}}]`,
			`[{"type":2,"timestamp":1,"data":{"node":${deep}}}]`
		]) {
			await recorder.append(1, bytes(content));
		}
		const again = new RecorderClient(world, await world.addPage(impersonation));
		await again.ready();
	});

	it('does not end the hub when the envelope itself is deep, where the library recurses', async () => {
		let deep: unknown = 1;
		for (let n = 0; n < 4_000; n++) deep = [deep];
		recorder.socket.emit('record:append', deep, bytes('[]'));
		await until(() => recorder.refusals.length > 0 || recorder.disconnected !== null, 'an answer');
		// Written by hand: our own client could not even send it.
		const engine = recorder.socket.io.engine;
		engine.write(
			`51-/record,["record:append",${'['.repeat(100_000)}{"_placeholder":true,"num":0}${']'.repeat(100_000)}]`
		);
		engine.write(Buffer.from('[]') as never);
		await until(() => world.errors.length > 0, 'the complaint in our log');
		expect(world.errors.splice(0)).toEqual([expect.any(RangeError)]);
		await isDropped();
		await stillWorks();
	});
});

describe('events', () => {
	it('that are unknown are refused and never relayed, and after a few the connection is dropped [C6]', async () => {
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		const heard: string[] = [];
		watcher.socket.onAny((event: string) => heard.push(event));
		const names = ['wall:changed', 'page:batch', '__proto__', 'constructor', 'session:end'];
		for (const name of names) recorder.socket.emit(name, { impersonationId: impersonation.id });
		await isDropped();
		expect(recorder.refusals.length).toBeGreaterThanOrEqual(4);
		expect(new Set(recorder.refusals)).toEqual(new Set(['unknown_event']));
		expect(heard.filter((event) => event !== 'session:changed')).toEqual([]);
		await stillWorks();
	});

	it('with the wrong shape are refused, and after a few the connection is dropped [C6]', async () => {
		for (const header of [
			null,
			'x',
			{ seq: -1, part: 0, parts: 1 },
			{ seq: 1.5, part: 0, parts: 1 },
			{ seq: 1, part: 0, parts: 1e9 }
		])
			recorder.socket.emit('record:append', header, bytes('[]'));
		await isDropped();
		await stillWorks();
	});

	it('whose bytes are no bytes are refused [C6]', async () => {
		expect(await recorder.emit(one, 42)).toMatchObject({ refusal: 'malformed' });
		expect(await recorder.emit(one, { length: 3, 0: 91 })).toMatchObject({ refusal: 'malformed' });
		expect(await recorder.emit(one, undefined)).toMatchObject({ refusal: 'malformed' });
		await stillWorks();
	});

	it('of a watcher have a rate too', async () => {
		const watcher = new WatcherClient(world, sofia);
		const replies = await Promise.all(Array.from({ length: 80 }, () => watcher.ask('wall:open')));
		expect(replies.filter((reply) => reply.refusal === 'too_fast').length).toBeGreaterThan(20);
	});

	it('cannot name another page or person: what a payload claims is not looked at [W4]', async () => {
		const other = await world.addPage(impersonation);
		await recorder.emit({ ...one, pageId: other.id, impersonationId: world.ids.uuid() }, bytes('[]'));
		expect(world.liveLog.got(other.id)).toBe(-1);
		expect(world.liveLog.got(page.id)).toBe(1);
	});
});

describe('size and number', () => {
	it('closes the connection at a message above the limit, inflated size counted [C7]', async () => {
		// A megabyte of one letter: a few kilobytes on the wire once deflated.
		recorder.socket.emit('record:append', one, bytes('x'.repeat(1_000_000)));
		await isDropped();
		await stillWorks();
	});

	it('refuses a part above its size [R2]', async () => {
		expect(await recorder.emit(one, new Uint8Array(MAX_PART_BYTES + 1))).toEqual({
			ok: false,
			refusal: 'too_large',
			got: 0
		});
		await stillWorks();
	});

	it('stores nothing of parts that never complete, come out of order or change their number [R2]', async () => {
		expect(await recorder.emit({ seq: 1, part: 0, parts: 3 }, bytes('['))).toEqual({ ok: true, got: 0 });
		expect(await recorder.emit({ seq: 1, part: 2, parts: 3 }, bytes(']'))).toMatchObject({
			refusal: 'malformed'
		});
		expect(await recorder.emit({ seq: 1, part: 0, parts: 2 }, bytes('['))).toMatchObject({ ok: true });
		expect(await recorder.emit({ seq: 1, part: 1, parts: 3 }, bytes(']'))).toMatchObject({
			refusal: 'malformed'
		});
		expect(await recorder.emit({ seq: 1, part: 1, parts: 2 }, bytes(']'))).toMatchObject({
			refusal: 'malformed'
		});
		expect(world.liveLog.got(page.id)).toBe(0);
		await stillWorks();
	});

	it('refuses a hole, says where the log ends, and takes the rest once it is sent in order [R4]', async () => {
		expect(await recorder.append(2, [typed('b')])).toEqual({ ok: false, refusal: 'try_later', got: 0 });
		expect(await recorder.append(1_000_000_000, [typed('b')])).toMatchObject({ refusal: 'try_later' });
		expect(await recorder.append(1, [typed('a')])).toEqual({ ok: true, got: 1 });
		expect(await recorder.append(2, [typed('b')])).toEqual({ ok: true, got: 2 });
	});

	it('keeps what it has when a number is sent again with other content [R3]', async () => {
		await recorder.append(1, [typed('first')]);
		expect(await recorder.append(1, [typed('forged')])).toEqual({ ok: true, got: 1 });
		const kept: string[] = [];
		for await (const batch of world.liveLog.read(page.id, 1)) kept.push(Buffer.from(batch.bytes).toString());
		expect(kept).toHaveLength(1);
		expect(kept[0]).toContain('first');
	});

	it('tells a flood to wait, then drops it, while another page goes on undisturbed', async () => {
		const other = await new RecorderClient(world, await world.addPage(impersonation)).ready();
		await other.append(0, snapshot());
		for (let n = 0; n < 12_000; n++)
			recorder.socket.emit('record:append', { seq: 0, part: 0, parts: 1 }, bytes('[]'));
		expect(await other.append(1, [typed('undisturbed')])).toEqual({ ok: true, got: 1 });
		await until(() => recorder.disconnected !== null, 'the flood to be dropped', 30_000);
		expect(recorder.refusals).toContain('too_fast');
	});
});

describe('content', () => {
	it('is made safe before it is stored or shown: no script planted in a recording reaches either [R6]', async () => {
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		await watcher.ask('page:follow', { impersonationId: impersonation.id, pageId: page.id });
		const evil = snapshot();
		(evil[1]!.data as { node: { childNodes: unknown[] } }).node.childNodes = [
			{
				type: 2,
				id: 2,
				tagName: 'html',
				attributes: {},
				childNodes: [
					{
						type: 2,
						id: 3,
						tagName: 'script',
						attributes: {},
						childNodes: [{ type: 3, id: 4, textContent: 'alert("planted")' }]
					},
					{
						type: 2,
						id: 5,
						tagName: 'img',
						attributes: { src: 'http://evil.test/x', onerror: 'alert("planted")' },
						childNodes: []
					},
					{
						type: 2,
						id: 6,
						tagName: 'a',
						attributes: { href: 'javascript:alert("planted")' },
						childNodes: []
					}
				]
			}
		];
		expect(await recorder.append(1, evil)).toEqual({ ok: true, got: 1 });
		await until(() => watcher.seqs(page.id).length === 2, 'the batch');
		const shown = Buffer.from(watcher.batches[1]!.bytes).toString();
		let kept = '';
		for await (const batch of world.liveLog.read(page.id, 1)) kept += Buffer.from(batch.bytes).toString();
		for (const text of [shown, kept]) expect(text).not.toMatch(/planted|onerror|javascript:|evil\.test/);
		expect(shown).toBe(kept);
	});

	it('cannot move itself in time past its receipt or before its page [D2]', async () => {
		await recorder.append(1, [
			{ ...typed('later'), timestamp: Date.now() + 1e9 },
			{ ...typed('earlier'), timestamp: 5 }
		]);
		await new Promise((resolve) => setTimeout(resolve, 1_300));
		const [row] = await world.database
			.owner`SELECT last_event_at <= now() AS past, first_event_at >= opened_at - interval '1 second' AS after
			FROM page WHERE id = ${page.id}`;
		expect(row).toEqual({ past: true, after: true });
	});
});
