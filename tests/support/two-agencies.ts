// Two agencies with everything a rule can turn on. Tests run both at once, to prove that neither sees the other.
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type {
	AgencyId,
	ClientId,
	ContactId,
	FileId,
	FolderId,
	InvoiceId,
	StaffId,
	TaskId
} from '#domain/ids.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import * as tables from '#server/db/schema/index.ts';
import type { Db, Tx } from '#server/db/types.ts';
import { SUPERVISOR_ROLE } from '#server/demo/demo-people.ts';
import type { Blobs } from '#server/ports/blobs.ts';

export type SeededClient = {
	clientId: ClientId;
	name: string;
	/** Holds every right. */
	owner: ContactId;
	/** Holds `tasks` and `files`, not `billing`. */
	contact: ContactId;
	taskId: TaskId;
	folderId: FolderId;
	fileId: FileId;
	invoiceId: InvoiceId;
};
export type SeededStaff = 'superAdmin' | 'admin' | 'manager' | 'assignee' | 'supervisor';
export type SeededAgency = {
	agencyId: AgencyId;
	name: string;
	staff: Record<SeededStaff, StaffId>;
	/** The manager looks after all of them but `unassigned`; the assignee after `assigned`. */
	clients: Record<'assigned' | 'unassigned' | 'optedOut' | 'inactive', SeededClient>;
};
export type TwoAgencies = { north: SeededAgency; south: SeededAgency };

const id = <T extends string>(): T => randomUUID() as string as T;
export const SAMPLE_BYTES = Buffer.from('Seeded for a test.\n');

const ROLES = {
	superAdmin: 'super_admin',
	admin: 'admin',
	manager: 'manager',
	assignee: 'assignee'
} as const;

async function seedStaff(tx: Tx, agencyId: AgencyId, side: string): Promise<SeededAgency['staff']> {
	const roles = [
		...Object.entries(BUILT_IN_ROLES).map(([key, role]) => ({ ...role, key, builtIn: true })),
		{ ...SUPERVISOR_ROLE, builtIn: false }
	].map((role) => ({ ...role, permissions: [...role.permissions] as string[], id: id<string>(), agencyId }));
	await tx.insert(tables.role).values(roles);
	const one = (key: SeededStaff, roleKey: string) => ({
		id: id<StaffId>(),
		agencyId,
		roleId: roles.find((role) => role.key === roleKey)!.id,
		name: `${side} ${key}`,
		email: `${key.toLowerCase()}@${side.toLowerCase()}.test`
	});
	const keys = [...Object.entries(ROLES), ['supervisor', 'supervisor']] as [SeededStaff, string][];
	const rows = keys.map(([key, roleKey]) => [key, one(key, roleKey)] as const);
	await tx.insert(tables.staff).values(rows.map(([, row]) => row));
	return Object.fromEntries(rows.map(([key, row]) => [key, row.id])) as SeededAgency['staff'];
}

type NewClient = { name: string; status?: 'active' | 'inactive'; optedOut?: boolean; assignees: StaffId[] };

async function seedContent(
	tx: Tx,
	of: { agencyId: AgencyId; clientId: ClientId },
	contact: ContactId
): Promise<Pick<SeededClient, 'taskId' | 'folderId' | 'fileId' | 'invoiceId'>> {
	const made = {
		taskId: id<TaskId>(),
		folderId: id<FolderId>(),
		fileId: id<FileId>(),
		invoiceId: id<InvoiceId>()
	};
	const { taskId, folderId, fileId, invoiceId } = made;
	await tx.insert(tables.task).values({ ...of, id: taskId, title: 'Seeded task', madeByContactId: contact });
	await tx.insert(tables.folder).values({ ...of, id: folderId, name: 'Seeded folder' });
	await tx.insert(tables.file).values({
		...of,
		id: fileId,
		folderId,
		name: 'seeded.txt',
		mediaType: 'text/plain',
		bytes: SAMPLE_BYTES.length,
		sha256: createHash('sha256').update(SAMPLE_BYTES).digest('hex'),
		blobKey: `uploads/${fileId}`,
		madeByContactId: contact
	});
	const line = { description: 'Seeded work', quantity: 2, unitMinor: 5_000, amountMinor: 10_000 };
	const sums = { taxRateBp: 2_000, subtotalMinor: 10_000, taxMinor: 2_000, totalMinor: 12_000 };
	await tx.insert(tables.invoice).values({
		...of,
		...sums,
		id: invoiceId,
		number: `T-${invoiceId.slice(0, 8)}`,
		status: 'open',
		issuedOn: '2026-11-01',
		dueOn: '2026-11-15',
		currency: 'EUR'
	});
	await tx.insert(tables.invoiceLine).values({ ...line, id: id<string>(), invoiceId, position: 1 });
	return made;
}

async function seedClient(tx: Tx, agencyId: AgencyId, client: NewClient): Promise<SeededClient> {
	const clientId = id<ClientId>();
	const { name, assignees, status = 'active', optedOut = false } = client;
	await tx.insert(tables.client).values({ id: clientId, agencyId, name, status, optedOut });
	if (assignees.length > 0)
		await tx.insert(tables.clientAssignment).values(assignees.map((staffId) => ({ clientId, staffId })));
	const person = (key: string, rights: string[]) => ({
		id: id<ContactId>(),
		agencyId,
		clientId,
		name: `${key} of ${name}`,
		email: `${key.toLowerCase()}@${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.test`,
		isOwner: key === 'Owner',
		rights
	});
	const owner = person('Owner', ['tasks', 'files', 'billing']);
	const contact = person('Contact', ['tasks', 'files']);
	await tx.insert(tables.contact).values([owner, contact]);
	const content = await seedContent(tx, { agencyId, clientId }, owner.id);
	return { clientId, name, owner: owner.id, contact: contact.id, ...content };
}

async function seedAgency(tx: Tx, side: string): Promise<SeededAgency> {
	const agencyId = id<AgencyId>();
	await tx.insert(tables.agency).values({ id: agencyId, name: side });
	const staff = await seedStaff(tx, agencyId, side);
	const { manager, assignee } = staff;
	const clients = {
		assigned: await seedClient(tx, agencyId, { name: `${side} Assigned`, assignees: [manager, assignee] }),
		unassigned: await seedClient(tx, agencyId, { name: `${side} Unassigned`, assignees: [] }),
		optedOut: await seedClient(tx, agencyId, {
			name: `${side} Opted Out`,
			optedOut: true,
			assignees: [manager]
		}),
		inactive: await seedClient(tx, agencyId, {
			name: `${side} Inactive`,
			status: 'inactive',
			assignees: [manager]
		})
	};
	return { agencyId, name: side, staff, clients };
}

/** Seeds agencies "North" and "South" alike; with `blobs`, the file rows have their bytes too. */
export async function seedTwoAgencies(db: Db, blobs?: Blobs): Promise<TwoAgencies> {
	const both = await db.transaction(async (tx) => ({
		north: await seedAgency(tx, 'North'),
		south: await seedAgency(tx, 'South')
	}));
	if (!blobs) return both;
	for (const { clients } of Object.values(both))
		for (const { fileId } of Object.values(clients))
			await blobs.put(`uploads/${fileId}`, Readable.from([SAMPLE_BYTES]), 1_000);
	return both;
}
