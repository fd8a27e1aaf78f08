import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
	const agencyId = await world.addAgency();
	impersonation = await world.addImpersonation(agencyId);
	page = await world.addPage(impersonation);
	sofia = await world.addStaff(agencyId, ['supervise']);
});
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

/** Text the watcher saw typed, letter by letter. */
const seen = (watcher: WatcherClient) =>
	watcher
		.events(page.id)
		.filter((event) => event.type === 3)
		.map((event) => (event.data as { text: string }).text);

const follow = (watcher: WatcherClient, pageId = page.id) =>
	watcher.ask<{ ok: boolean; batches: number }>('page:follow', { impersonationId: impersonation.id, pageId });

const upTo = (n: number) => Array.from({ length: n }, (_, seq) => seq);

describe('a page and who watches it', () => {
	it('shows a watcher what is typed letter by letter, in order [V4]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		const watcher = new WatcherClient(world, sofia);
		expect(await recorder.append(0, snapshot())).toEqual({ ok: true, got: 0 });
		const session = await watcher.watch(impersonation.id);
		expect(session).toMatchObject({
			client: { name: 'Bluebird Bakery' },
			contact: { name: 'Bea Baker' },
			staff: { name: 'Maya Moon' },
			reason: 'Support',
			ticket: '812',
			recording: 'live',
			activePageId: page.id
		});
		expect(await follow(watcher)).toEqual({ ok: true, batches: 1 });
		const word = 'Order two loaves';
		for (let n = 1; n <= word.length; n++) void recorder.append(n, [typed(word.slice(0, n))]);
		await until(() => watcher.seqs(page.id).length === word.length + 1, 'all letters');
		expect(seen(watcher)).toEqual([...word].map((_, n) => word.slice(0, n + 1)));
	});

	it('gives a late watcher everything from the first batch without hole or double while more keeps coming [V4]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		let total = 1;
		const joined = new AbortController();
		const sending = (async () => {
			// As long as somebody comes, however busy the machine is.
			for (let sent = 1; !joined.signal.aborted; sent++, total++) {
				void recorder.append(sent, [typed(`${sent} ${'x'.repeat(2_000)}`)]);
				if (sent % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
			}
		})();
		const watchers: WatcherClient[] = [];
		for (let n = 0; n < 5; n++) {
			const watcher = new WatcherClient(world, sofia);
			await watcher.watch(impersonation.id);
			await follow(watcher);
			watchers.push(watcher);
			await new Promise((resolve) => setTimeout(resolve, 20));
		}
		joined.abort();
		await sending;
		// Nothing is proven by watchers who came before anything was sent.
		expect(total).toBeGreaterThan(20);
		await until(
			() => watchers.every((w) => w.seqs(page.id).length >= total),
			'every batch at every watcher',
			20_000
		);
		for (const watcher of watchers) expect(watcher.seqs(page.id)).toEqual(upTo(total));
	});

	it('streams one page at a time and starts again from the first batch when asked again [V4]', async () => {
		const second = await world.addPage(impersonation);
		const one = await new RecorderClient(world, page).ready();
		const two = await new RecorderClient(world, second).ready();
		await one.append(0, snapshot());
		await two.append(0, snapshot());
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		await follow(watcher);
		await until(() => watcher.seqs(page.id).length === 1, 'the first page');
		await follow(watcher, second.id);
		await until(() => watcher.seqs(second.id).length === 1, 'the second page');
		await one.append(1, [typed('unseen')]);
		await two.append(1, [typed('seen')]);
		await until(() => watcher.seqs(second.id).length === 2, 'the second page live');
		expect(watcher.seqs(page.id)).toEqual([0]);
		await follow(watcher);
		await until(() => watcher.seqs(page.id).length === 3, 'the first page again');
		expect(watcher.seqs(page.id)).toEqual([0, 0, 1]);
	});

	it('drops a watcher who does not read back to a new start, while another misses nothing [V5]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		const [slow, fast] = [new WatcherClient(world, sofia), new WatcherClient(world, sofia)];
		for (const watcher of [slow, fast]) {
			await watcher.watch(impersonation.id);
			await follow(watcher);
		}
		await until(() => slow.batches.length === 1 && fast.batches.length === 1, 'the first batch');
		const line = slow.socket.io.engine.transport as unknown as {
			ws: { _socket: { pause(): void; resume(): void } };
		};
		line.ws._socket.pause();
		for (let seq = 1; seq <= 40; seq++)
			expect(await recorder.append(seq, [typed('x'.repeat(1_000_000))])).toMatchObject({ ok: true });
		await until(() => fast.seqs(page.id).length === 41, 'everything at the fast watcher', 20_000);
		line.ws._socket.resume();
		await until(() => slow.behind.length === 1, 'page:behind');
		expect(slow.behind).toEqual([page.id]);
		const before = slow.seqs(page.id).length;
		expect(before).toBeLessThan(41);
		await follow(slow);
		await until(() => slow.seqs(page.id).length === before + 41, 'everything at the slow watcher', 20_000);
		expect(slow.seqs(page.id).slice(before)).toEqual(upTo(41));
	});

	it('places a page with a wrong clock on hub time [R8]', async () => {
		const recorder = new RecorderClient(world, page);
		recorder.clockAheadMs = 3_600_000;
		await recorder.ready();
		await recorder.append(0, snapshot(Date.now() + recorder.clockAheadMs));
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		await follow(watcher);
		await until(() => watcher.batches.length === 1, 'the batch');
		const [batch] = watcher.batches;
		expect(Math.abs(batch!.offsetMs + 3_600_000)).toBeLessThan(500);
	});
});

describe('what the log has, and what is sent again', () => {
	it('acknowledges the first snapshot only when the rows that the gate reads know of it [R7]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		expect(await recorder.append(0, snapshot())).toEqual({ ok: true, got: 0 });
		const [row] = await world.database.owner`SELECT snapshot_at IS NOT NULL AS snapshot,
			last_beat_at > now() - interval '5 seconds' AS beat FROM page WHERE id = ${page.id}`;
		expect(row).toEqual({ snapshot: true, beat: true });
	});

	it('continues after a lost connection where the log ends, and takes what is sent again once [R3, R9]', async () => {
		const first = await new RecorderClient(world, page).ready();
		await first.append(0, snapshot());
		await first.append(1, [typed('a')]);
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		await follow(watcher);
		first.socket.io.engine.close();
		const second = await new RecorderClient(world, page).ready();
		expect(second.readies[0]!.got).toBe(1);
		expect(await second.append(1, [typed('a')])).toEqual({ ok: true, got: 1 });
		expect(await second.append(2, [typed('ab')])).toEqual({ ok: true, got: 2 });
		await until(() => watcher.seqs(page.id).length === 3, 'the batch after the reconnect');
		expect(seen(watcher)).toEqual(['a', 'ab']);
	});

	it('takes an earlier document’s rest beside the new page without showing it as open [R11]', async () => {
		const old = await new RecorderClient(world, page).ready();
		await old.append(0, snapshot());
		old.socket.disconnect();
		const next = await world.addPage(impersonation);
		await new RecorderClient(world, next).ready();
		const rest = await new RecorderClient(world, page, { handover: true }).ready();
		expect(await rest.append(1, [typed('the last letter')])).toEqual({ ok: true, got: 1 });
		const watcher = new WatcherClient(world, sofia);
		const session = await watcher.watch(impersonation.id);
		expect(session.pages.map((it) => [it.pageId, it.connected])).toEqual([
			[page.id, false],
			[next.id, true]
		]);
	});

	it('goes on over a restart of the hub with the number the log has', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		await recorder.append(1, [typed('a')]);
		await world.stopHub();
		await until(() => recorder.disconnected !== null, 'the connection to close');
		expect(recorder.disconnected).not.toBe('io server disconnect');
		await world.startHub();
		const again = await new RecorderClient(world, page).ready();
		expect(again.readies[0]!.got).toBe(1);
		expect(await again.append(2, [typed('ab')])).toEqual({ ok: true, got: 2 });
	});

	it('lets an honest page through: 600 events in a second, each its own batch, and a snapshot of 10 MB', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		const large = snapshot();
		(large[1]!.data as { node: { childNodes: unknown[] } }).node.childNodes = Array.from(
			{ length: 100 },
			(_, n) => ({
				type: 3,
				id: n + 2,
				textContent: 'x'.repeat(100_000)
			})
		);
		expect(await recorder.append(0, large)).toEqual({ ok: true, got: 0 });
		const replies = await Promise.all(
			Array.from({ length: 600 }, (_, n) => recorder.append(n + 1, [typed(`${n}`)]))
		);
		expect(replies.filter((reply) => !reply.ok)).toEqual([]);
		const watcher = new WatcherClient(world, sofia);
		await watcher.watch(impersonation.id);
		await follow(watcher);
		await until(() => watcher.seqs(page.id).length === 601, 'all of it at a late watcher', 20_000);
		expect(watcher.batches[0]!.bytes.length).toBeGreaterThan(10_000_000);
		expect(watcher.behind).toEqual([]);
	});
});

describe('text in place of bytes', () => {
	const text = { impersonationId: '', pageId: '', text: true };
	beforeEach(() => Object.assign(text, { impersonationId: impersonation.id, pageId: page.id }));

	it('is the same to those who take it and those who do not, and large batches are bytes to both [V8]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		const [takes, takesNot] = [new WatcherClient(world, sofia), new WatcherClient(world, sofia)];
		for (const watcher of [takes, takesNot]) await watcher.watch(impersonation.id);
		await takes.ask('page:follow', text);
		await follow(takesNot);
		await recorder.append(1, [typed('Zoë „5 €“ 🍞')]);
		await recorder.append(2, [typed('x'.repeat(100_000))]);
		for (const watcher of [takes, takesNot])
			await until(() => watcher.seqs(page.id).length === 3, 'all batches');
		expect(takes.batches.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(
			takesNot.batches.map(({ bytes }) => Buffer.from(bytes).toString())
		);
		expect(seen(takes)[0]).toBe('Zoë „5 €“ 🍞');
		expect([takes.texts, takesNot.texts]).toEqual([2, 0]);
	});

	it('is taken from a page for a batch in one part, kept as bytes are, and counted in bytes [R22]', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		expect(recorder.readies[0]!.takesText).toBe(true);
		await recorder.append(0, snapshot());
		const events = [typed('Zoë „5 €“ 🍞')];
		const one = { seq: 1, part: 0, parts: 1 };
		expect(await recorder.emit(one, JSON.stringify(events))).toEqual({ ok: true, got: 1 });
		const same = await recorder.append(2, events);
		expect(same).toEqual({ ok: true, got: 2 });
		const kept = await Array.fromAsync(world.liveLog.read(page.id, 1), ({ bytes }) =>
			Buffer.from(bytes).toString()
		);
		expect(kept[0]).toBe(kept[1]);
		const many = JSON.stringify([typed('€'.repeat(90_000))]);
		expect(await recorder.emit({ ...one, seq: 3 }, many)).toMatchObject({ refusal: 'too_large' });
		expect(await recorder.emit({ ...one, seq: 3, parts: 2 }, '[]')).toMatchObject({ refusal: 'malformed' });
		expect(await recorder.emit({ ...one, seq: 3 }, 'no batch')).toMatchObject({ refusal: 'malformed' });
		expect(await recorder.append(3, events)).toEqual({ ok: true, got: 3 });
	});
});

describe('signs of life', () => {
	it('writes beats, address, times and sizes of a page to its row', async () => {
		const recorder = await new RecorderClient(world, page).ready();
		await recorder.append(0, snapshot());
		await recorder.append(1, [typed('a'), typed('ab')]);
		recorder.socket.emit('record:where', { address: '/invoices', title: 'Invoices', visible: true });
		await until(async () => {
			const [row] = await world.database.owner`SELECT events, bytes > 0 AS bytes, address, title,
				first_event_at <= last_event_at AS times, closed_at FROM page WHERE id = ${page.id}`;
			return (
				JSON.stringify(row) ===
				JSON.stringify({
					events: 4,
					bytes: true,
					address: '/invoices',
					title: 'Invoices',
					times: true,
					closed_at: null
				})
			);
		}, 'the row');
		recorder.socket.disconnect();
		await until(async () => {
			const [row] = await world.database.owner`SELECT closed_at FROM page WHERE id = ${page.id}`;
			return row!.closed_at !== null;
		}, 'the page to be closed');
	});

	it('counts a person’s activity against the idle limit, and nothing else', async () => {
		const { owner } = world.database;
		const recorder = await new RecorderClient(world, page).ready();
		await owner`UPDATE impersonation_pulse SET last_activity_at = now() - interval '5 minutes' WHERE impersonation_id = ${impersonation.id}`;
		const age = async () => {
			const [row] = await owner<
				{ age: number }[]
			>`SELECT extract(epoch FROM now() - last_activity_at)::float8 AS age
				FROM impersonation_pulse WHERE impersonation_id = ${impersonation.id}`;
			return row!.age;
		};
		await recorder.append(0, snapshot());
		await new Promise((resolve) => setTimeout(resolve, 1_300));
		expect(await age()).toBeGreaterThan(290);
		await recorder.append(1, [typed('a')]);
		await until(async () => (await age()) < 5, 'activity in the row');
	});
});
