// Drafts whose price or content moves between what the client reads and what the client approves.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ClientActor, PortalActor, StaffActor } from '#domain/actor.ts';
import { composeDrafts } from '#server/compose/drafts.ts';
import { describeFolderDeletion, describeOrder } from '#server/usecases/drafts/describe.ts';
import type { OrderInput } from '#server/usecases/orders/order-input.ts';
import { pinTotal } from '#server/usecases/orders/pin-total.ts';
import { impersonate, NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { ordersWorld, type OrdersWorld } from '#support/orders-world.ts';

let world: OrdersWorld;
let drafts: ReturnType<typeof composeDrafts>;
let place: (actor: PortalActor | StaffActor, input: OrderInput) => Promise<unknown>;
let removeFolder: (actor: PortalActor, input: { id: string }) => Promise<unknown>;
let service: string;
let inside: PortalActor;
let client: ClientActor;

beforeAll(async () => {
	world = await ordersWorld();
	const { db } = world.database;
	drafts = composeDrafts({ db, act: world.kit.act, ids: testIds });
	const placing = drafts.orDraft('order.placed', world.orders.place, describeOrder, pinTotal);
	place = (actor, input) => placing(actor, input, NO_ORIGIN);
	const removing = drafts.orDraft(
		'folder.deleted',
		(actor: PortalActor, _input: { id: string }, origin) =>
			world.kit.act(actor, { action: 'folder.deleted', origin }, async () => ({ value: undefined })),
		describeFolderDeletion
	);
	removeFolder = (actor, input) => removing(actor, input, NO_ORIGIN);
	await db.execute(sql`UPDATE agency SET policy = '{"draftSensitive": true}'`);
	const { clients, staff, agencyId } = world.both.north;
	client = world.as(clients.assigned);
	const { clientId, owner: contactId } = clients.assigned;
	inside = (await impersonate(db, { agencyId, staffId: staff.manager, clientId, contactId }, world.kit))
		.actor;
});
beforeEach(async () => {
	await world.database.db.execute(sql`DELETE FROM draft`);
	// However long the one before took: a page that is silent may change nothing.
	await world.database.db.execute(sql`UPDATE page SET last_beat_at = clock_timestamp()`);
	service = await world.publish();
});
afterAll(() => world.close());

const raise = (minor: number) =>
	world.database.db.execute(
		sql`UPDATE service_package SET price_minor = ${minor} WHERE service_id = ${service}`
	);
const orders = async () =>
	(await world.database.db.execute(sql`SELECT FROM client_order WHERE service_id = ${service}`)).length;
const prepared = async (more: Partial<OrderInput> = {}) => {
	const input = { ...(await world.choose(client, service)), ...more };
	await expect(place(inside, input)).rejects.toMatchObject({ code: 'drafted' });
	return { input, draft: (await drafts.list(client, 1)).open[0]! };
};
const approve = (id: string, actor = client) => drafts.approve(actor, id, NO_ORIGIN);

it('an order prepared without its total is not approved at another price', async () => {
	const { draft } = await prepared({ expectedTotalMinor: null });
	expect(draft.facts).toContainEqual({ term: 'Total with tax', value: expect.stringContaining('119') });
	await raise(99_000);
	await expect(approve(draft.id)).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('Total with tax')
	});
	expect([await orders(), await drafts.countOpen(client)]).toEqual([0, 1]);
	await raise(10_000);
	await approve(draft.id);
	expect([await orders(), await drafts.countOpen(client)]).toEqual([1, 0]);
});

it('the price is compared where nobody was shown it, and not told to who may not see it', async () => {
	const { assigned } = world.both.north.clients;
	await world.setUp(assigned, { 'services.prices': { hidden: true } });
	const { draft, input } = await prepared({ expectedTotalMinor: null });
	// Not the whole draft: its ids and times are made of digits, too.
	expect(JSON.stringify(draft.facts)).not.toMatch(/119/);
	await raise(99_000);
	const refused = await approve(draft.id).catch((error: unknown) => error);
	expect(refused).toMatchObject({ code: 'conflict' });
	expect((refused as Error).message).not.toMatch(/\d/);
	expect([await orders(), await drafts.countOpen(client)]).toEqual([0, 1]);
	// Nor does a total that is guessed bring the price out.
	await place(client, { ...input, expectedTotalMinor: 1 });
	expect(await orders()).toBe(1);
	await world.setUp(assigned, {});
});

it('a draft of an order that was placed meanwhile is not called approved', async () => {
	const { draft, input } = await prepared();
	await place(client, input);
	await expect(approve(draft.id)).rejects.toMatchObject({ code: 'conflict' });
	expect([await orders(), await drafts.countOpen(client)]).toEqual([1, 1]);
	await drafts.decline(client, { id: draft.id, reason: '' }, NO_ORIGIN);
});

it('a folder that holds more, or is called otherwise, than was read is not deleted by that approval', async () => {
	const { db } = world.database;
	const { folderId, fileId } = world.both.north.clients.assigned;
	await db.execute(sql`UPDATE file SET folder_id = NULL WHERE id = ${fileId}`);
	await expect(removeFolder(inside, { id: folderId })).rejects.toMatchObject({ code: 'drafted' });
	const { id } = (await drafts.list(client, 1)).open[0]!;
	await db.execute(sql`UPDATE file SET folder_id = ${folderId} WHERE id = ${fileId}`);
	await expect(approve(id)).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringContaining('Files directly in it')
	});
	await db.execute(sql`UPDATE file SET folder_id = NULL WHERE id = ${fileId}`);
	await db.execute(sql`UPDATE folder SET name = name || ' of others' WHERE id = ${folderId}`);
	await expect(approve(id)).rejects.toMatchObject({ code: 'conflict' });
	expect(await drafts.countOpen(client)).toBe(1);
});
