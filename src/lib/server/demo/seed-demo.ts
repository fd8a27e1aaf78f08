// Seeds the demo agency once (contract.md §Demo agency). It is the installation's own doing, before anyone can sign in,
// so it writes rows directly: nothing here passes for somebody's action, and the chain begins with the first real one.
import { eq } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import * as tables from '#server/db/schema/index.ts';
import type { Db, Tx } from '#server/db/types.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Ids } from '#server/ports/ids.ts';
import { demoAnnouncements } from './demo-agency.ts';
import { demoBooks, insertBooks } from './demo-books.ts';
import { demoFiles, storeFiles, type PlannedFile } from './demo-files.ts';
import { demoOrders } from './demo-orders.ts';
import { AGENCY_NAME, demoPeople, type DemoPeople } from './demo-people.ts';
import { demoServices } from './demo-services.ts';
import { insertMessages } from './insert-messages.ts';
import { demoTasks, type Cast, type DemoTasks } from './demo-tasks.ts';
import { createDice } from './dice.ts';
import { insertOrders, insertServices } from './insert-orders.ts';

/** Of every account; production never has it, since only the demo calls this file. */
export const DEMO_PASSWORD = 'switchback-demo';

/** What the demo prints: who may sign in where, and what that shows. */
export const DEMO_ACCOUNTS = [
	{ side: 'agency', email: 'olivia@northwind.test', role: 'Super Admin' },
	{ side: 'agency', email: 'adam@northwind.test', role: 'Admin' },
	{ side: 'agency', email: 'maya@northwind.test', role: 'Manager of Bluebird Bakery and Cedar Clinic' },
	{ side: 'agency', email: 'sam@northwind.test', role: 'Assignee, may not impersonate' },
	{ side: 'agency', email: 'sofia@northwind.test', role: 'Supervisor: watches and replays' },
	{ side: 'portal', email: 'bea@bluebird.test', role: 'Bluebird Bakery, owner' },
	{ side: 'portal', email: 'ben@bluebird.test', role: 'Bluebird Bakery, does not see billing' },
	{ side: 'portal', email: 'cora@cedar.test', role: 'Cedar Clinic, owner; invoices hidden' }
] as const;

const SEED = 20_261;
/** A statement takes at most 65 535 parameters; the widest table here, invoices, has 29 columns. */
const ROWS_AT_ONCE = 1_000;

async function insert<T extends PgTable>(
	tx: Tx,
	table: T,
	rows: readonly T['$inferInsert'][]
): Promise<void> {
	for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
		await tx.insert(table).values(rows.slice(from, from + ROWS_AT_ONCE) as T['$inferInsert'][]);
}

export type SeedDependencies = {
	db: Db;
	blobs: Blobs;
	ids: Ids;
	clock: Clock;
	hashPassword(password: string): Promise<string>;
};

type Content = DemoTasks & { folders: (typeof tables.folder.$inferInsert)[]; files: PlannedFile[] };

/** Bluebird is the client of the tour: full enough that lists page and search matters. */
const SIZES = {
	'Bluebird Bakery': { tasks: 130, days: 400, files: 44, attached: 8, invoices: 40, orders: 16 },
	'Cedar Clinic': { tasks: 48, days: 300, files: 14, attached: 4, invoices: 14, orders: 9 }
} as const;
const USUAL = { tasks: 9, days: 120, files: 3, attached: 1, invoices: 6, orders: 3 };
const sizeOf = (name: string) => SIZES[name as keyof typeof SIZES] ?? USUAL;

const castOf = (people: DemoPeople, client: DemoPeople['clients'][number]): Cast => ({
	client,
	contacts: people.contacts.filter((contact) => contact.clientId === client.id),
	staff: people.assignments.filter((row) => row.clientId === client.id).map((row) => row.staffId)
});

function portalContent(build: Parameters<typeof demoTasks>[0], people: DemoPeople): Content {
	const all: Content = { tasks: [], comments: [], folders: [], files: [] };
	for (const client of people.clients) {
		const size = sizeOf(client.name);
		const cast = castOf(people, client);
		const { tasks, comments } = demoTasks(build, cast, { count: size.tasks, days: size.days });
		const attachTo = tasks.slice(0, size.attached).map((task) => task.id);
		const { folders, files } = demoFiles(build, cast, { count: size.files, attachTo });
		all.tasks.push(...tasks);
		all.comments.push(...comments);
		all.folders.push(...folders);
		all.files.push(...files);
	}
	return all;
}

async function insertPeople(tx: Tx, people: DemoPeople, ids: Ids, password: string): Promise<void> {
	const credential = (userId: string) => ({
		id: ids.uuid(),
		userId,
		accountId: userId,
		providerId: 'credential',
		password
	});
	await insert(tx, tables.agency, [people.agency]);
	await insert(tx, tables.role, people.roles);
	await insert(tx, tables.staff, people.staff);
	await insert(tx, tables.client, people.clients);
	await insert(tx, tables.contact, people.contacts);
	await insert(tx, tables.clientAssignment, people.assignments);
	await insert(
		tx,
		tables.staffAccount,
		people.staff.map((row) => credential(row.id))
	);
	await insert(
		tx,
		tables.contactAccount,
		people.contacts.map((row) => credential(row.id))
	);
}

/** Makes the demo agency with everything in it; does nothing when it exists. */
export async function seedDemo({ db, blobs, ids, clock, hashPassword }: SeedDependencies): Promise<void> {
	const existing = await db
		.select({ id: tables.agency.id })
		.from(tables.agency)
		.where(eq(tables.agency.name, AGENCY_NAME));
	if (existing.length > 0) return;
	const build = { ids, dice: createDice(SEED), now: clock.now() };
	const people = demoPeople(build);
	const content = portalContent(build, people);
	// Dice of their own: more of one never changes the others.
	const shop = { ...build, dice: createDice(SEED + 1) };
	const chosenBy = people.clients.filter(({ name }) => /^(Bluebird|Cedar)/.test(name)).map(({ id }) => id);
	const catalogue = demoServices(shop, people.agency.id, chosenBy);
	const ordered = demoOrders(
		shop,
		people.clients.map((client) => castOf(people, client)),
		{ catalogue, countOf: (name) => sizeOf(name).orders }
	);
	// Dice of their own here too.
	const books = demoBooks({ ...build, dice: createDice(SEED + 2) }, people, {
		catalogue,
		ordered: { invoices: ordered.invoices, lines: ordered.invoiceLines },
		countOf: (name) => sizeOf(name).invoices
	});
	// Bytes first: a row must never name an object that is not there.
	const [password, files] = await Promise.all([
		hashPassword(DEMO_PASSWORD),
		storeFiles(blobs, content.files)
	]);
	await db.transaction(async (tx) => {
		await insertPeople(tx, people, ids, password);
		await insertServices({ tx, ids, insert }, catalogue);
		await insertOrders({ tx, ids, insert }, people.agency.id, ordered);
		await insert(tx, tables.announcement, demoAnnouncements(build, people));
		await insert(tx, tables.task, content.tasks);
		await insert(tx, tables.taskComment, content.comments);
		await insert(tx, tables.folder, content.folders);
		await insert(tx, tables.file, files);
		await insertBooks(tx, insert, books);
		await insertMessages(
			{ tx, insert },
			{ ...build, dice: createDice(SEED + 4) },
			people.clients.map((client) => castOf(people, client))
		);
	});
}
