// Two agencies with a catalogue each, made by the use cases, so that order tests start where people would.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import type { ClientActor, StaffActor } from '#domain/actor.ts';
import type { ServiceId } from '#domain/ids.ts';
import type { ServiceDraft } from '#domain/service-draft.ts';
import { FileBlobs } from '#server/adapters/files/file-blobs.ts';
import { composeOrders } from '#server/compose/orders.ts';
import { composeServices } from '#server/compose/services.ts';
import type { Parts } from '#server/compose/parts.ts';
import type { OrderInput } from '#server/usecases/orders/order-input.ts';
import { checkService } from '#server/usecases/services/service-input.ts';
import { impersonationKit, NO_ORIGIN, signInStaff, testIds } from './impersonate.ts';
import { createTestDatabase } from './test-database.ts';
import { seedTwoAgencies, type SeededClient } from './two-agencies.ts';

/** A service as its editor would send it; `more` replaces whole fields. */
export const serviceDraft = (more: Partial<ServiceDraft> = {}): ServiceDraft => ({
	name: 'Website care',
	category: 'Web',
	summary: 'Updates and backups.',
	description: 'We look after your site.',
	currency: 'EUR',
	visibleTo: 'all',
	packages: [
		{
			id: '',
			name: 'Basic',
			description: '',
			features: 'Updates\nBackups',
			price: '100.00',
			billing: 'once',
			maxQuantity: '5'
		},
		{
			id: '',
			name: 'Monthly',
			description: '',
			features: '',
			price: '49',
			billing: 'month',
			maxQuantity: '1'
		}
	],
	addOns: [{ id: '', name: 'Report', description: '', price: '19.99', maxQuantity: '3' }],
	faq: [{ question: 'How fast?', answer: 'Within a day.' }],
	questions: [
		{
			key: '',
			label: 'Address of your site',
			kind: 'link',
			required: '1',
			hint: '',
			options: '',
			min: '',
			max: ''
		}
	],
	tasks: [
		{ title: 'Send us access', description: '', waitingOn: 'client', dueAfterDays: '7', visible: '1' },
		{ title: 'Set up monitoring', description: '', waitingOn: 'agency', dueAfterDays: '', visible: '' }
	],
	...more
});

export const inputOf = (draft: ServiceDraft) => {
	const checked = checkService(draft);
	if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
	return checked.input;
};

/** Everything over one database; the clock of the gate is the database's. */
export async function ordersWorld() {
	const database = await createTestDatabase();
	const folder = mkdtempSync(path.join(tmpdir(), 'switchback-orders-'));
	const blobs = await FileBlobs.open(folder);
	const both = await seedTwoAgencies(database.db, blobs);
	await database.owner`UPDATE agency SET tax_rate_bp = 1900`;
	const kit = impersonationKit(database.db);
	const parts = { db: database.db, act: kit.act, ids: testIds, blobs } as unknown as Parts;
	const services = composeServices(parts);
	const orders = composeOrders(parts);
	const as = (client: SeededClient, contactId = client.owner, agency = both.north): ClientActor => ({
		kind: 'client',
		agencyId: agency.agencyId,
		clientId: client.clientId,
		contactId
	});
	const admin: StaffActor = await signInStaff(database.db, both.north.agencyId, both.north.staff.superAdmin);
	const southAdmin = await signInStaff(database.db, both.south.agencyId, both.south.staff.superAdmin);
	const publish = async (more: Partial<ServiceDraft> = {}, by = admin): Promise<ServiceId> => {
		const id = await services.create(by, inputOf(serviceDraft(more)), NO_ORIGIN);
		await services.publish(by, id, NO_ORIGIN);
		return id;
	};
	/** An order as the review would send it, filled in and with the total it shows. */
	const choose = async (
		actor: ClientActor,
		serviceId: string,
		{ pick = 'Basic', addOns = 0, quantity = 1 } = {}
	): Promise<OrderInput> => {
		const form = await orders.readForm(actor, { serviceId });
		const choice = {
			serviceId,
			packageId: form.packages.find((one) => one.name === pick)!.id,
			quantity,
			addOns: addOns > 0 ? [{ id: form.addOns[0]!.id, quantity: addOns }] : [],
			answers: form.questions.map(({ key }) => ({ key, value: 'https://bluebird.test' }))
		};
		const review = await orders.review(actor, choice);
		return { ...choice, expectedTotalMinor: review.sums?.totalMinor ?? null, key: review.key };
	};
	const setUp = (client: SeededClient, setup: Record<string, unknown>) =>
		database.db.execute(
			sql`UPDATE client SET portal_setup = ${JSON.stringify(setup)}::jsonb WHERE id = ${client.clientId}`
		);
	const lastAction = async () => {
		const [row] = await database.sql<Record<string, string>[]>`
			SELECT action, outcome, refusal, client_id, contact_id, actor_staff_id, subject_id FROM action
			ORDER BY seq DESC LIMIT 1`;
		return row!;
	};
	const close = () => rmSync(folder, { recursive: true, force: true });
	return {
		database,
		both,
		kit,
		blobs,
		services,
		orders,
		as,
		admin,
		southAdmin,
		publish,
		choose,
		setUp,
		lastAction,
		close
	};
}
export type OrdersWorld = Awaited<ReturnType<typeof ordersWorld>>;
