import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceFilters } from '#server/usecases/services/list-services.ts';
import { checkService } from '#server/usecases/services/service-input.ts';
import { NO_ORIGIN } from '#support/impersonate.ts';
import { inputOf, ordersWorld, serviceDraft, type OrdersWorld } from '#support/orders-world.ts';
import { withoutIds } from '#support/without-ids.ts';

let world: OrdersWorld;
const bea = () => world.as(world.both.north.clients.assigned);
const catalogue = (actor = bea(), filter = {}) =>
	world.services.listCatalogue(actor, { q: '', category: '', page: 1, ...filter });
const names = async (actor = bea()) => (await catalogue(actor)).rows.map((row) => row.name);

beforeAll(async () => {
	world = await ordersWorld();
});
afterAll(() => world.close());

describe('the catalogue', () => {
	it('shows published services with their lowest price, searched and by category', async () => {
		await world.publish({ name: 'Site care' });
		await world.publish({ name: 'Photos', category: 'Pictures', packages: [serviceDraft().packages[0]!] });
		await world.services.create(world.admin, inputOf(serviceDraft({ name: 'Still a draft' })), NO_ORIGIN);
		const all = await catalogue();
		expect(all.rows.map((row) => row.name)).toEqual(['Site care', 'Photos']);
		expect(all.rows[0]!.from).toEqual({ price: { minor: 4_900, currency: 'EUR' }, billing: 'month' });
		expect(all.categories).toEqual([
			{ name: 'Web', count: 1 },
			{ name: 'Pictures', count: 1 }
		]);
		expect((await catalogue(bea(), { category: 'Pictures' })).total).toBe(1);
		expect((await catalogue(bea(), { q: 'PHOTO' })).rows.map((row) => row.name)).toEqual(['Photos']);
	});

	it('shows a service for chosen clients to them alone, in list, page and counts', async () => {
		const id = await world.publish({ name: 'Only for some', visibleTo: 'chosen' });
		const { assigned, unassigned } = world.both.north.clients;
		expect(await names()).not.toContain('Only for some');
		await expect(world.services.read(bea(), id)).rejects.toMatchObject({ code: 'not_found' });
		await world.services.showTo(
			world.admin,
			{ serviceId: id, clientId: assigned.clientId, shown: true },
			NO_ORIGIN
		);
		expect(await names()).toContain('Only for some');
		expect(await names(world.as(unassigned))).not.toContain('Only for some');
		const tab = await world.services.listOfClient(world.admin, unassigned.clientId, {
			sort: 'position',
			page: 1
		});
		expect(tab.rows.find((row) => row.id === id)).toMatchObject({ seen: false, chosen: false });
		await world.services.showTo(
			world.admin,
			{ serviceId: id, clientId: assigned.clientId, shown: false },
			NO_ORIGIN
		);
		expect(await names()).not.toContain('Only for some');
	});

	it('keeps hidden prices and answers on the server', async () => {
		const { unassigned } = world.both.north.clients;
		const own = world.as(unassigned);
		const { rows } = await catalogue(own);
		await world.setUp(unassigned, { 'services.prices': { hidden: true }, 'services.faq': { hidden: true } });
		const shown = await world.services.read(own, rows[0]!.id);
		expect(shown.faq).toBeNull();
		expect(withoutIds(shown)).not.toMatch(/10000|4900|1999/);
		expect((await catalogue(own)).rows.every((row) => row.from === null)).toBe(true);
		await world.setUp(unassigned, {});
	});
});

describe('the catalogue in another order', () => {
	it('is by name, category, packages and price, and never tells a hidden price by it', async () => {
		const { assigned } = world.both.south.clients;
		const own = world.as(assigned, assigned.owner, world.both.south);
		const pack = (price: string) => ({ ...serviceDraft().packages[0]!, price });
		const publish = (name: string, category: string, ...prices: string[]) =>
			world.publish({ name, category, packages: prices.map(pack) }, world.southAdmin);
		await publish('middle', 'Web', '50');
		await publish('Zoo', 'Ads', '20', '90');
		await publish('Ant', 'Print', '70');
		const sorted = async (sort: Parameters<typeof catalogue>[1]) =>
			(await catalogue(own, sort)).rows.map(({ name }) => name).join(' ');
		expect(await sorted({})).toBe('middle Zoo Ant');
		expect(await sorted({ sort: 'name' })).toBe('Ant middle Zoo');
		expect(await sorted({ sort: '-category' })).toBe('middle Ant Zoo');
		expect(await sorted({ sort: '-packages' })).toBe('Zoo middle Ant');
		expect(await sorted({ sort: 'price' })).toBe('Zoo middle Ant');
		expect(await sorted({ sort: '-price' })).toBe('Ant middle Zoo');
		await world.setUp(assigned, { 'services.prices': { hidden: true } });
		expect(await sorted({ sort: '-price' })).toBe('middle Zoo Ant');
		await world.setUp(assigned, {});
	});
});

describe('editing', () => {
	it('keeps keys of questions, archives what is taken away, and refuses an older state', async () => {
		const id = await world.publish({ name: 'Edited' });
		const first = await world.services.readDraft(world.admin, id);
		expect(first.draft.questions[0]!.key).toBe('address_of_your_site');
		const draft = {
			...first.draft,
			packages: [{ ...first.draft.packages[1]!, price: '55.5' }],
			questions: [{ ...first.draft.questions[0]!, label: 'Where is it?' }]
		};
		const edit = (version: number) =>
			world.services.edit(world.admin, { id, version, input: inputOf(draft) }, NO_ORIGIN);
		await edit(first.version);
		const second = await world.services.readDraft(world.admin, id);
		expect(second.draft.packages).toMatchObject([{ id: first.draft.packages[1]!.id, price: '55.50' }]);
		expect(second.draft.questions[0]).toMatchObject({ key: 'address_of_your_site', label: 'Where is it?' });
		const gone = await world.database
			.sql`SELECT archived_at FROM service_package WHERE id = ${first.draft.packages[0]!.id}`;
		expect(gone[0]!['archived_at']).toBeTruthy();
		await expect(edit(first.version)).rejects.toMatchObject({ code: 'conflict' });
	});

	it('names each fault by its field', () => {
		const draft = serviceDraft({ name: ' ', currency: 'XXQ' });
		draft.packages[0]!.price = 'a lot';
		draft.packages[1]!.maxQuantity = '4';
		draft.questions[0] = { ...draft.questions[0]!, kind: 'choice', options: 'only one' };
		draft.tasks[0]!.dueAfterDays = '-1';
		const checked = checkService(draft);
		expect(checked.ok ? [] : Object.keys(checked.issues).toSorted()).toEqual([
			'currency',
			'name',
			'packages.0.price',
			'packages.1.maxQuantity',
			'questions.0.options',
			'tasks.0.dueAfterDays'
		]);
	});

	it('publishes only what can be ordered, and archives out of every catalogue', async () => {
		const empty = await world.services.create(
			world.admin,
			inputOf(serviceDraft({ name: 'No package', packages: [] })),
			NO_ORIGIN
		);
		await expect(world.services.publish(world.admin, empty, NO_ORIGIN)).rejects.toMatchObject({
			code: 'conflict'
		});
		const id = await world.publish({ name: 'Going away' });
		expect(await names()).toContain('Going away');
		await world.services.archive(world.admin, id, NO_ORIGIN);
		expect(await names()).not.toContain('Going away');
	});

	it('moves services up and down, the same for the client', async () => {
		const listed = async () =>
			(await world.services.list(world.admin, serviceFilters.parse({}))).rows.map((row) => row.name);
		const before = await listed();
		const second = (await world.services.list(world.admin, serviceFilters.parse({}))).rows[1]!;
		await world.services.move(world.admin, { id: second.id, to: 'up' }, NO_ORIGIN);
		expect((await listed()).slice(0, 2)).toEqual([before[1], before[0]]);
		expect((await names())[0]).toBe(before[1]);
		await world.services.move(world.admin, { id: second.id, to: 'up' }, NO_ORIGIN);
		expect((await listed())[0]).toBe(before[1]);
	});

	it('is for holders of services.manage, and within the own agency', async () => {
		const { signInStaff } = await import('#support/impersonate.ts');
		const { agencyId, staff } = world.both.north;
		const manager = await signInStaff(world.database.db, agencyId, staff.manager);
		const id = await world.publish({ name: 'Own' });
		const input = inputOf(serviceDraft());
		await expect(world.services.list(manager, serviceFilters.parse({}))).rejects.toMatchObject({
			code: 'not_allowed'
		});
		await expect(world.services.create(manager, input, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		for (const attempt of [
			() => world.services.readDraft(world.southAdmin, id),
			() => world.services.edit(world.southAdmin, { id, version: 1, input }, NO_ORIGIN),
			() => world.services.archive(world.southAdmin, id, NO_ORIGIN),
			() => world.services.move(world.southAdmin, { id, to: 'up' }, NO_ORIGIN),
			() =>
				world.services.showTo(
					world.southAdmin,
					{ serviceId: id, clientId: world.both.south.clients.assigned.clientId, shown: true },
					NO_ORIGIN
				),
			() =>
				world.services.showTo(
					world.admin,
					{ serviceId: id, clientId: world.both.south.clients.assigned.clientId, shown: true },
					NO_ORIGIN
				)
		])
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
	});

	it('refuses the package of another service in a forged form', async () => {
		const [one, two] = [await world.publish({ name: 'One' }), await world.publish({ name: 'Two' })];
		const theirs = (await world.services.readDraft(world.admin, two)).draft.packages[0]!;
		const { version, draft } = await world.services.readDraft(world.admin, one);
		const input = inputOf({ ...draft, packages: [...draft.packages, theirs] });
		await expect(
			world.services.edit(world.admin, { id: one, version, input }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'invalid' });
	});
});
