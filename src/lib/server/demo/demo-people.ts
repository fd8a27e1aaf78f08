// The demo's agency, roles, staff, clients and contacts, as rows (contract.md §Demo agency).
import type { AgencyId, ClientId, ContactId, StaffId } from '#domain/ids.ts';
import { BUILT_IN_ROLES } from '#domain/permissions.ts';
import { CONTACT_RIGHTS } from '#domain/portal-elements.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Ids } from '#server/ports/ids.ts';
import { clientFacts } from './demo-client-facts.ts';
import { FIRST_NAMES, JOB_TITLES, LAST_NAMES, OTHER_CLIENTS } from './demo-names.ts';
import { AGENCY_FACTS } from './demo-agency.ts';
import type { Dice } from './dice.ts';

export const AGENCY_NAME = 'Northwind Studio';
const DAY_MS = 86_400_000;

/** Who may watch and replay but never go inside. */
export const SUPERVISOR_ROLE = {
	key: 'supervisor',
	name: 'Supervisor',
	permissions: ['clients.read', 'clients.all', 'impersonate.act', 'supervise', 'review', 'actions.read']
};

const STAFF = [
	{ key: 'olivia', name: 'Olivia Hart', role: 'super_admin' },
	{ key: 'adam', name: 'Adam Reed', role: 'admin' },
	{ key: 'maya', name: 'Maya Lindgren', role: 'manager' },
	{ key: 'sam', name: 'Sam Porter', role: 'assignee' },
	{ key: 'sofia', name: 'Sofia Marino', role: 'supervisor' }
] as const;
type StaffKey = (typeof STAFF)[number]['key'];

type Row<T extends { $inferInsert: unknown }> = T['$inferInsert'];
export type DemoPeople = {
	agency: Row<typeof tables.agency> & { id: AgencyId };
	roles: Row<typeof tables.role>[];
	staff: (Row<typeof tables.staff> & { id: StaffId })[];
	clients: (Row<typeof tables.client> & { id: ClientId; name: string })[];
	contacts: (Row<typeof tables.contact> & { id: ContactId; clientId: ClientId; isOwner: boolean })[];
	assignments: Row<typeof tables.clientAssignment>[];
};

type Named = { name: string; industry: string; domain: string } & Pick<
	Row<typeof tables.client>,
	'status' | 'optedOut' | 'portalSetup'
>;

const NAMED: readonly Named[] = [
	{ name: 'Bluebird Bakery', industry: 'Food and drink', domain: 'bluebird.test' },
	{
		name: 'Cedar Clinic',
		industry: 'Health',
		domain: 'cedar.test',
		portalSetup: {
			invoices: { hidden: true },
			// The area comes with a later part; its setting is kept from the start.
			subscriptions: { hidden: true },
			tasks: { label: 'Requests' }
		}
	},
	{ name: 'Delta Dental', industry: 'Health', domain: 'delta.test', optedOut: true },
	{ name: 'Echo Events', industry: 'Travel and leisure', domain: 'echo.test', status: 'inactive' }
];

/** Contacts whose names the contract or the tour relies on; the owner first. */
const NAMED_CONTACTS: Record<string, { name: string; email: string; jobTitle: string; rights: string[] }[]> =
	{
		'Bluebird Bakery': [
			{ name: 'Bea Morgan', email: 'bea@bluebird.test', jobTitle: 'Owner', rights: [...CONTACT_RIGHTS] },
			{ name: 'Ben Morgan', email: 'ben@bluebird.test', jobTitle: 'Shop manager', rights: ['tasks', 'files'] }
		],
		'Cedar Clinic': [
			{
				name: 'Cora Whitfield',
				email: 'cora@cedar.test',
				jobTitle: 'Practice lead',
				rights: [...CONTACT_RIGHTS]
			},
			{ name: 'Colin Abara', email: 'colin@cedar.test', jobTitle: 'Reception', rights: ['tasks'] }
		],
		'Delta Dental': [
			{ name: 'Dina Farrow', email: 'dina@delta.test', jobTitle: 'Partner', rights: [...CONTACT_RIGHTS] }
		],
		'Echo Events': [
			{ name: 'Ed Sandoval', email: 'ed@echo.test', jobTitle: 'Director', rights: [...CONTACT_RIGHTS] }
		]
	};

type Build = { ids: Ids; dice: Dice; now: number };

function staffRows({ ids, now }: Build, agencyId: AgencyId, roles: DemoPeople['roles']): DemoPeople['staff'] {
	const createdAt = new Date(now - 700 * DAY_MS);
	return STAFF.map(({ key, name, role }) => {
		const held = roles.find((row) => row.key === role);
		if (!held) throw new Error(`The demo has no role ${role}.`);
		const email = `${key}@northwind.test`;
		return {
			id: ids.uuid() as StaffId,
			agencyId,
			roleId: held.id,
			name,
			email,
			createdAt,
			updatedAt: createdAt
		};
	});
}

function roleRows({ ids }: Build, agencyId: AgencyId): DemoPeople['roles'] {
	const builtIn = Object.entries(BUILT_IN_ROLES).map(([key, { name, permissions }]) => ({
		id: ids.uuid(),
		agencyId,
		key,
		name,
		permissions: permissions as string[],
		builtIn: true
	}));
	return [...builtIn, { id: ids.uuid(), agencyId, ...SUPERVISOR_ROLE, builtIn: false }];
}

function clientRows({ ids, dice, now }: Build, agencyId: AgencyId): DemoPeople['clients'] {
	const others = OTHER_CLIENTS.map((client, index): Named => ({
		...client,
		status: index % 17 === 11 ? 'archived' : index % 13 === 7 ? 'inactive' : 'active'
	}));
	return [...NAMED, ...others].map(({ domain, ...rest }, index) => ({
		...rest,
		...clientFacts(rest, index, now),
		id: ids.uuid() as ClientId,
		agencyId,
		website: `https://www.${domain}`,
		createdAt: new Date(now - dice.between(60, 650) * DAY_MS)
	}));
}

function madeUpContacts(dice: Dice, client: DemoPeople['clients'][number]): (typeof NAMED_CONTACTS)[string] {
	const domain = (client.website ?? '').replace('https://www.', '');
	const taken = new Set<string>();
	return Array.from({ length: dice.between(1, 3) }, (_, index) => {
		let first: string = dice.pick(FIRST_NAMES);
		while (taken.has(first)) first = dice.pick(FIRST_NAMES);
		taken.add(first);
		return {
			name: `${first} ${dice.pick(LAST_NAMES)}`,
			email: `${first.toLowerCase()}@${domain}`,
			jobTitle: index === 0 ? 'Owner' : dice.pick(JOB_TITLES),
			rights: CONTACT_RIGHTS.filter((right) => index === 0 || right === 'tasks' || dice.chance(60))
		};
	});
}

/** Clients of the tour have no status of their own and so are active; those that are closed were not seen lately. */
const seenAt = ({ status }: DemoPeople['clients'][number], now: number): Date | null =>
	status === undefined ? new Date(now - 26 * 3_600_000) : null;

function contactRows({ ids, dice, now }: Build, clients: DemoPeople['clients']): DemoPeople['contacts'] {
	return clients.flatMap((client) => {
		const people = NAMED_CONTACTS[client.name] ?? madeUpContacts(dice, client);
		const createdAt = client.createdAt ?? new Date(now);
		return people.map((person, index) => ({
			...person,
			id: ids.uuid() as ContactId,
			agencyId: client.agencyId,
			clientId: client.id,
			isOwner: index === 0,
			createdAt,
			updatedAt: createdAt,
			lastSignInAt:
				client.status === 'active' ? new Date(now - dice.between(3, 900) * 3_600_000) : seenAt(client, now)
		}));
	});
}

/** Maya has Bluebird and Cedar and never Delta; Sam shares Bluebird; the rest are spread over both. */
function assignmentRows({ dice }: Build, { staff, clients }: Pick<DemoPeople, 'staff' | 'clients'>) {
	const of = (key: StaffKey): StaffId => {
		const found = staff.find((row) => row.email === `${key}@northwind.test`);
		if (!found) throw new Error(`The demo has no staff member ${key}.`);
		return found.id;
	};
	const fixed: Record<string, StaffKey[]> = {
		'Bluebird Bakery': ['maya', 'sam'],
		'Cedar Clinic': ['maya'],
		'Delta Dental': ['adam'],
		'Echo Events': ['maya']
	};
	return clients.flatMap((client) => {
		const random: StaffKey[] = dice.chance(30) ? ['maya'] : dice.chance(50) ? ['sam'] : ['adam'];
		return (fixed[client.name] ?? random).map((key) => ({ clientId: client.id, staffId: of(key) }));
	});
}

/** All people of the demo; nothing is stored here. */
export function demoPeople(build: Build): DemoPeople {
	const agencyId = build.ids.uuid() as AgencyId;
	const agency = {
		id: agencyId,
		name: AGENCY_NAME,
		...AGENCY_FACTS,
		createdAt: new Date(build.now - 720 * DAY_MS)
	};
	const roles = roleRows(build, agencyId);
	const staff = staffRows(build, agencyId, roles);
	const clients = clientRows(build, agencyId);
	const contacts = contactRows(build, clients);
	return { agency, roles, staff, clients, contacts, assignments: assignmentRows(build, { staff, clients }) };
}
