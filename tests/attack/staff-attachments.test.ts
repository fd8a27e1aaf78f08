// What was sent in a conversation, asked for by staff who work with files but may not read that conversation.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Permission } from '#domain/permissions.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { openWorkWorld, type WorkWorld } from '#support/work-world.ts';

let world: WorkWorld;
beforeAll(async () => {
	world = await openWorkWorld();
});
afterAll(() => world.close());

async function attach(order: string | null): Promise<string> {
	const { owner } = world.database;
	const own = { agency_id: world.both.north.agencyId, client_id: world.both.north.clients.assigned.clientId };
	const [threadId, messageId] = [randomUUID(), randomUUID()];
	await owner`INSERT INTO thread ${owner({ ...own, id: threadId, order_id: order, subject: 'Talk' })}`;
	await owner`INSERT INTO message ${owner({ ...own, id: messageId, thread_id: threadId, body: 'See there' })}`;
	const id = await world.upload(world.contact(), { name: 'draft.txt', bytes: 'for those in it' });
	await owner`UPDATE file SET message_id = ${messageId} WHERE id = ${id}`;
	return id;
}

it('gives an attachment to staff who may read its conversation, by any way to open it', async () => {
	const { owner } = world.database;
	const { agencyId, clients, staff } = world.both.north;
	const orderId = randomUUID();
	await owner`INSERT INTO client_order ${owner({
		id: orderId,
		agency_id: agencyId,
		client_id: clients.assigned.clientId,
		currency: 'EUR',
		subtotal_minor: 100,
		tax_minor: 0,
		total_minor: 100,
		number: 'ORD-90001',
		service_name: 'Logo',
		package_name: 'Small'
	})}`;
	const [plain, ofOrder] = [await attach(null), await attach(orderId)];
	const loose = await world.upload(world.contact(), { name: 'plan.txt', bytes: 'in a folder' });
	const reach = async (without: Permission[]) => {
		const { sql } = world.database;
		await owner`UPDATE staff SET withdrawn = ${sql.array(without)} WHERE id = ${staff.manager}`;
		const actor = await world.staff('manager');
		const opens = async (id: string) => {
			const file = await world.files.download(actor, { id }, NO_ORIGIN).catch(() => null);
			file?.stream.destroy();
			const text = await world.files.readText(actor, id).catch(() => null);
			expect(text !== null).toBe(file !== null);
			return file !== null;
		};
		return { plain: await opens(plain), ofOrder: await opens(ofOrder), loose: await opens(loose) };
	};
	expect(await reach([])).toEqual({ plain: true, ofOrder: true, loose: true });
	expect(await reach(['messages.manage'])).toEqual({ plain: false, ofOrder: true, loose: true });
	expect(await reach(['orders.manage'])).toEqual({ plain: true, ofOrder: true, loose: true });
	expect(await reach(['messages.manage', 'orders.manage'])).toEqual({
		plain: false,
		ofOrder: false,
		loose: true
	});
});
