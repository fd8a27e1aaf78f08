// Signs of life of all pages travel in one statement: what one page says of itself must not stop those of the others.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { closeSockets, RecorderClient, snapshot, until } from '../support/hub-client.ts';
import { HubWorld } from '../support/hub-world.ts';

let world: HubWorld;

beforeAll(async () => {
	world = await HubWorld.open();
});
afterAll(() => world.close());
afterEach(() => {
	closeSockets();
	expect(world.errors.splice(0)).toEqual([]);
});

const recorded = async () => {
	const page = await world.addPage(await world.addImpersonation(await world.addAgency()));
	const recorder = await new RecorderClient(world, page).ready();
	await recorder.append(0, snapshot());
	return { page, recorder };
};
const rowOf = async (id: string) => {
	const [row] = await world.database.owner<{ title: string; address: string; beat: Date | null }[]>`
		SELECT title, address, last_beat_at AS beat FROM page WHERE id = ${id}`;
	return row!;
};

it.each([
	['a NUL', 'a\u0000b', 'a\ufffdb'],
	['half a letter, as a cut through an emoji leaves it', 'a\ud83d', 'a\ufffd']
])('a title with %s does not stop the beats of another agency’s pages', async (_, hostile, kept) => {
	const attacker = await recorded();
	const victim = await recorded();
	attacker.recorder.socket.emit('record:where', { address: `/${hostile}`, title: hostile, visible: true });
	await until(async () => (await rowOf(attacker.page.id)).title !== '', 'the title to reach its row', 4_000);
	expect((await rowOf(attacker.page.id)).title).toBe(kept);
	victim.recorder.socket.emit('record:where', { address: '/honest', title: 'Honest', visible: true });
	await until(async () => (await rowOf(victim.page.id)).title === 'Honest', 'the other page’s news', 4_000);
});
