// The people and records of the route table: the demo agency, a second one beside it, and everybody signed in.
import { sql } from 'drizzle-orm';
import { HttpPerson } from './http-person.ts';
import type { LiveServer } from './live-server.ts';
import type { AgencyActorName, PortalActorName, RecordKind, Variant } from './route-expectations.ts';
import { seedTwoAgencies, type SeededAgency } from './two-agencies.ts';
import { enterAs, openDocument, pretendRecorded, signedInContact, signedInStaff } from './walk-by-http.ts';

export type RouteWorld = {
	portal: Record<PortalActorName, HttpPerson>;
	agency: Record<AgencyActorName, HttpPerson>;
	/** Null where there is no such record. */
	idOf(kind: RecordKind, variant: Variant): string | null;
	/** The page ticket of who is inside in view mode. */
	viewTicket: string;
	viewImpersonation: string;
	/** Puts a fresh beat to the pages of those who are inside, so that no silence ends them meanwhile. */
	keepAlive(): Promise<void>;
};

type Db = LiveServer['composed']['parts']['db'];

/** Everybody of the second agency has the demo's password too. */
async function givePasswords(db: Db, south: SeededAgency): Promise<{ admin: string; owner: string }> {
	for (const side of ['staff', 'contact'])
		await db.execute(sql`
			INSERT INTO ${sql.raw(`${side}_account`)} (id, user_id, account_id, provider_id, password)
			SELECT gen_random_uuid(), p.id, p.id::text, 'credential', (SELECT password FROM staff_account LIMIT 1)
			FROM ${sql.raw(side)} p WHERE p.agency_id = ${south.agencyId}`);
	const emailOf = async (table: string, id: string) => {
		const [row] = await db.execute<{ email: string }>(
			sql`SELECT email FROM ${sql.raw(table)} WHERE id = ${id}`
		);
		return row?.email ?? '';
	};
	return {
		admin: await emailOf('staff', south.staff.superAdmin),
		owner: await emailOf('contact', south.clients.assigned.owner)
	};
}

/** The first row of a table under an account. */
const OF_CLIENT: Partial<Record<RecordKind, string>> = {
	contact: 'contact WHERE client_id = $ AND NOT is_owner',
	task: 'task WHERE client_id = $ AND client_visible AND deleted_at IS NULL',
	file: 'file WHERE client_id = $ AND deleted_at IS NULL AND task_id IS NULL',
	folder: 'folder WHERE client_id = $',
	invoice: "invoice WHERE client_id = $ AND status <> 'draft'",
	order: 'client_order WHERE client_id = $',
	subscription: 'subscription WHERE client_id = $',
	thread: 'thread WHERE client_id = $ AND order_id IS NULL',

	payment: 'payment WHERE client_id = $',
	impersonation:
		'impersonation WHERE client_id = $ AND started_at IS NOT NULL AND contact_id IN (SELECT id FROM contact WHERE is_owner)'
};

/** Records of the agency itself; `client` says whose they are not. */
const OF_AGENCY: Partial<Record<RecordKind, string>> = {
	service: "service WHERE agency_id = $ AND status = 'published' AND visible_to = 'all'",
	announcement: 'announcement WHERE agency_id = $',
	staff: 'staff WHERE agency_id = $ AND active',
	role: 'role WHERE agency_id = $ AND NOT built_in'
};

async function firstOf(db: Db, from: string, id: string): Promise<string | null> {
	const [row] = await db.execute<{ id: string }>(
		sql`${sql.raw(`SELECT id FROM ${from.replace('$', `'${id}'`)} ORDER BY id LIMIT 1`)}`
	);
	return row?.id ?? null;
}

async function readIds(db: Db, south: SeededAgency): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	const put = async (kind: string, variant: Variant, from: string, of: string) => {
		const id = await firstOf(db, from, of);
		if (id) ids.set(`${kind} ${variant}`, id);
	};
	const clientOf = async (name: string) => (await firstOf(db, 'client WHERE name = $', name)) ?? '';
	const clients = {
		own: await clientOf('Bluebird Bakery'),
		other: await clientOf('Cedar Clinic'),
		foreign: south.clients.assigned.clientId as string,
		inactive: await clientOf('Echo Events')
	};
	const [north] = await db.execute<{ id: string }>(
		sql`SELECT agency_id AS id FROM client WHERE id = ${clients.own}`
	);
	for (const [variant, id] of Object.entries(clients) as [Variant, string][]) {
		ids.set(`client ${variant}`, id);
		for (const [kind, from] of Object.entries(OF_CLIENT)) await put(kind, variant, from, id);
		const visit = ids.get(`impersonation ${variant}`);
		if (visit) await put('page', variant, 'page WHERE impersonation_id = $', visit);
	}
	for (const [kind, from] of Object.entries(OF_AGENCY)) {
		await put(kind, 'own', from, north?.id ?? '');
		await put(kind, 'foreign', from, south.agencyId);
	}
	const hiddenTask = ids.get('task own') ?? '';
	await db.execute(sql`UPDATE task SET client_visible = false WHERE id = (
		SELECT id FROM task WHERE client_id = ${clients.own} AND id <> ${hiddenTask} LIMIT 1)`);
	await put('task', 'hidden', 'task WHERE client_id = $ AND NOT client_visible', clients.own);
	await put('invoice', 'hidden', "invoice WHERE client_id = $ AND status = 'draft'", clients.own);
	await put('service', 'hidden', "service WHERE agency_id = $ AND status = 'draft'", north?.id ?? '');
	return ids;
}

/** Active while its owner signs in, and not any more afterwards. */
const ARCHIVED_LATER = 'Delta Dental';

async function ownerOf(db: Db, client: string): Promise<string> {
	const [row] = await db.execute<{
		email: string;
	}>(sql`SELECT k.email FROM contact k JOIN client c ON c.id = k.client_id
		WHERE c.name = ${client} AND k.is_owner`);
	return row?.email ?? '';
}

async function signIn(server: LiveServer, emails: { admin: string; owner: string }) {
	const { db } = server.composed.parts;
	const northwind = (name: string) => signedInStaff(server, `${name}@northwind.test`);
	const leaver = await signedInContact(server, 'colin@cedar.test');
	const ofArchived = await signedInContact(server, await ownerOf(db, ARCHIVED_LATER));
	const agency: RouteWorld['agency'] = {
		nobody: new HttpPerson(server.port),
		'super admin': await northwind('olivia'),
		admin: await northwind('adam'),
		manager: await northwind('maya'),
		assignee: await northwind('sam'),
		supervisor: await northwind('sofia'),
		'other agency': await signedInStaff(server, emails.admin),
		deactivated: await northwind('olivia')
	};
	// A session of somebody who left: the row is deactivated behind their back, the cookie stays.
	await db.execute(sql`INSERT INTO staff (id, agency_id, role_id, name, email, active)
		SELECT gen_random_uuid(), agency_id, role_id, 'Left', 'left@northwind.test', true FROM staff WHERE email = 'olivia@northwind.test'`);
	await db.execute(sql`INSERT INTO staff_account (id, user_id, account_id, provider_id, password)
		SELECT gen_random_uuid(), id, id::text, 'credential', (SELECT password FROM staff_account LIMIT 1) FROM staff WHERE email = 'left@northwind.test'`);
	agency.deactivated = await northwind('left');
	await db.execute(sql`UPDATE staff SET active = false WHERE email = 'left@northwind.test'`);
	await db.execute(sql`UPDATE contact SET active = false WHERE email = 'colin@cedar.test'`);
	await db.execute(sql`UPDATE client SET status = 'inactive' WHERE name = ${ARCHIVED_LATER}`);
	const inside = {
		view: await northwind('maya'),
		act: await northwind('adam'),
		ben: await northwind('olivia'),
		ended: await northwind('olivia')
	};
	const portal: RouteWorld['portal'] = {
		nobody: new HttpPerson(server.port),
		owner: await signedInContact(server, 'bea@bluebird.test'),
		'without right': await signedInContact(server, 'ben@bluebird.test'),
		'other client': await signedInContact(server, 'cora@cedar.test'),
		'other agency': await signedInContact(server, emails.owner),
		inactive: leaver,
		'of an inactive client': ofArchived,
		'inside, view': inside.view,
		'inside, act': inside.act,
		'inside without right': inside.ben,
		'inside, ended': inside.ended
	};
	return { agency, portal };
}

/** What waits for Bluebird's approval: that its first task is deleted. */
async function prepareDraft(db: Db, impersonationId: string, taskId: string): Promise<string> {
	const [row] = await db.execute<{ id: string }>(sql`
		INSERT INTO draft (id, agency_id, client_id, contact_id, action, input, label, prepared_by, impersonation_id, expires_at)
		SELECT gen_random_uuid(), agency_id, client_id, contact_id, 'task.deleted', ${JSON.stringify({ id: taskId })}::jsonb,
			'A task', staff_id, id, clock_timestamp() + interval '1 day'
		FROM impersonation WHERE id = ${impersonationId} RETURNING id`);
	if (!row) throw new Error('no impersonation to prepare a draft in');
	return row.id;
}

/** Prepares it on a running server with the demo's content. */
export async function openRouteWorld(server: LiveServer): Promise<RouteWorld> {
	const { db, blobs } = server.composed.parts;
	const { south } = await seedTwoAgencies(db, blobs);
	const people = await signIn(server, await givePasswords(db, south));
	const { portal } = people;
	// The one that ends comes first: a staff member has one impersonation at a time.
	await enterAs(server, portal['inside, ended'], 'cora@cedar.test');
	await enterAs(server, portal['inside without right'], 'ben@bluebird.test', { mode: 'view' });
	await enterAs(server, portal['inside, act'], 'bea@bluebird.test', { mode: 'act' });
	const viewImpersonation = await enterAs(server, portal['inside, view'], 'bea@bluebird.test', {
		mode: 'view'
	});
	const ids = await readIds(db, south);
	ids.set('draft own', await prepareDraft(db, viewImpersonation, ids.get('task own') ?? ''));
	const actTicket = await openDocument(server, portal['inside, act'], '/');
	await pretendRecorded(server, actTicket);
	const viewTicket = await openDocument(server, portal['inside, view'], '/');
	// What runs is shown to whoever watches it.
	await db.execute(sql`INSERT INTO watch (id, agency_id, impersonation_id, staff_id, hub_id)
		SELECT gen_random_uuid(), i.agency_id, i.id, s.id, (SELECT id FROM hub LIMIT 1)
		FROM impersonation i JOIN staff s ON s.agency_id = i.agency_id WHERE i.state = 'active'`);
	return {
		...people,
		viewTicket,
		viewImpersonation,
		idOf: (kind, variant) => ids.get(`${kind} ${variant}`) ?? null,
		async keepAlive() {
			await db.execute(sql`INSERT INTO page (id, agency_id, impersonation_id, address, snapshot_at, last_beat_at)
				SELECT gen_random_uuid(), agency_id, id, '/', clock_timestamp(), clock_timestamp()
				FROM impersonation WHERE state = 'active'`);
			await db.execute(sql`UPDATE impersonation_pulse SET last_activity_at = clock_timestamp()`);
		}
	};
}
