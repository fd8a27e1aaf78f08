import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import {
	clientImpersonationsView,
	listClientImpersonations
} from '#server/usecases/agency/list-client-impersonations.ts';
import { failedMailsView, listFailedMails } from '#server/usecases/notices/failed-mails.ts';
import { listRecordings } from '#server/usecases/recordings/list-recordings.ts';
import { recordingFilters } from '#server/usecases/recordings/recording-filters.ts';
import { listServices, serviceFilters } from '#server/usecases/services/list-services.ts';
import {
	clientServicesView,
	listClientServices,
	listServiceClients
} from '#server/usecases/services/list-visibility.ts';
import { announcementsView, listAnnouncements } from '#server/usecases/settings/list-announcements.ts';
import { readRoles } from '#server/usecases/team/read-team.ts';
import { signInStaff } from '#support/impersonate.ts';
import { createTestDatabase, type TestDatabase } from '#support/test-database.ts';
import { seedTwoAgencies, type TwoAgencies } from '#support/two-agencies.ts';

let database: TestDatabase;
let both: TwoAgencies;
let admin: StaffActor;
const agency = () => both.north.agencyId;
const client = () => both.north.clients.assigned.clientId;
const deps = () => ({ db: database.db });

beforeAll(async () => {
	database = await createTestDatabase();
	both = await seedTwoAgencies(database.db);
	admin = await signInStaff(database.db, agency(), both.north.staff.superAdmin);
});

describe('services', () => {
	const ids: string[] = [];
	beforeAll(async () => {
		await database.owner`DELETE FROM service_client`;
		await database.owner`DELETE FROM service WHERE agency_id = ${agency()}`;
		const make = async (name: string, category: string, packages: number) => {
			const id = randomUUID();
			ids.push(id);
			await database.owner`INSERT INTO service (id, agency_id, name, category, status, visible_to, position)
				VALUES (${id}, ${agency()}, ${name}, ${category}, 'published', ${name === 'beta' ? 'chosen' : 'all'}, ${ids.length})`;
			for (let n = 0; n < packages; n += 1)
				await database.owner`INSERT INTO service_package (id, agency_id, service_id, name, price_minor, currency, position)
					VALUES (${randomUUID()}, ${agency()}, ${id}, ${`P${n}`}, 1, 'EUR', ${n})`;
		};
		await make('Gamma', 'b', 1);
		await make('beta', 'a', 3);
		await make('Alpha', 'c', 0);
	});

	it.each([
		['position', 'Gamma beta Alpha'],
		['name', 'Alpha beta Gamma'],
		['-name', 'Gamma beta Alpha'],
		['category', 'beta Gamma Alpha'],
		['-packages', 'beta Gamma Alpha'],
		['; DROP TABLE service', 'Gamma beta Alpha']
	])('stand in the order %s', async (sort, expected) => {
		const { rows } = await listServices(deps())(admin, serviceFilters.parse({ sort }));
		expect(rows.map((row) => row.name).join(' ')).toBe(expected);
	});

	it('of one client are sorted by what they see, too', async () => {
		const names = async (sort: string) =>
			(
				await listClientServices(deps())(admin, client(), { ...clientServicesView.parse({ sort }), page: 1 })
			).rows.map((row) => row.name);
		expect((await names('seen'))[0]).toBe('beta');
		expect((await names('-seen')).at(-1)).toBe('beta');
		expect(await names('position')).toEqual(['Gamma', 'beta', 'Alpha']);
	});

	it('name all their chosen clients, page after page', async () => {
		const chosen = Array.from({ length: 30 }, (_, n) => ({
			id: randomUUID(),
			name: `Chosen ${String(n).padStart(2, '0')}`
		}));
		for (const { id, name } of chosen) {
			await database.owner`INSERT INTO client (id, agency_id, name) VALUES (${id}, ${agency()}, ${name})`;
			await database.owner`INSERT INTO service_client (service_id, client_id, agency_id) VALUES (${ids[1]!}, ${id}, ${agency()})`;
		}
		const read = (page: number) => listServiceClients(deps())(admin, ids[1]!, { q: '', page });
		const [first, second] = [await read(1), await read(2)];
		expect([first.total, first.chosen.length, second.chosen.length]).toEqual([30, 25, 5]);
		expect([...first.chosen, ...second.chosen].map(({ name }) => name)).toEqual(
			chosen.map(({ name }) => name)
		);
	});
});

describe('impersonations and recordings', () => {
	beforeAll(async () => {
		const stay = async (who: 'owner' | 'contact', minutes: number, of = both.north.clients.assigned) => {
			const id = randomUUID();
			await database.owner`INSERT INTO impersonation (id, agency_id, client_id, contact_id, staff_id, staff_session_id, mode,
					reason, state, code_hash, code_expires_at, started_at, expires_at, idle_limit_ms, return_to, ended_at, end_reason)
				VALUES (${id}, ${agency()}, ${of.clientId}, ${of[who]}, ${both.north.staff.superAdmin}, ${randomUUID()}, 'view',
					'support', 'ended', ${Buffer.from(id)}, now(), now(), now(), 1000, '/', now() + make_interval(mins => ${minutes}),
					'switch_back')`;
			await database.owner`INSERT INTO page (id, agency_id, impersonation_id, address)
				VALUES (${randomUUID()}, ${agency()}, ${id}, '/')`;
		};
		await stay('owner', 5);
		await stay('contact', 20);
		await stay('owner', 10, both.north.clients.unassigned);
	});

	it('of a client are sorted by length and by name', async () => {
		const read = async (sort: string) =>
			(
				await listClientImpersonations(deps())(admin, client(), {
					...clientImpersonationsView.parse({ sort }),
					page: 1
				})
			).rows.map(({ lengthMs }) => Math.round(lengthMs / 60_000));
		expect(await read('length')).toEqual([5, 20]);
		expect(await read('-length')).toEqual([20, 5]);
		expect(await read('-contact')).toEqual([5, 20]);
		expect(await read('nonsense')).toEqual([20, 5]);
	});

	it('of the agency are sorted over all clients, also on the second page', async () => {
		// Nothing was recorded: the list itself is what is looked at.
		const liveLog = { read: async function* () {}, reached: () => Promise.resolve(-1) };
		const read = async (sort: string) =>
			(
				await listRecordings({ ...deps(), liveLog: liveLog as never })(
					admin,
					recordingFilters.parse({ sort })
				)
			).rows.map(({ lengthMs }) => Math.round(lengthMs / 60_000));
		expect(await read('length')).toEqual([5, 10, 20]);
		expect(await read('-length')).toEqual([20, 10, 5]);
		expect(await read('client')).toEqual([20, 5, 10]);
		expect(await read('')).toEqual([10, 20, 5]);
	});
});

describe('settings', () => {
	it('sort announcements and failed mails', async () => {
		for (const [title, days] of [
			['Bees', 3],
			['ants', 1],
			['Cats', 2]
		] as const)
			await database.owner`INSERT INTO announcement (id, agency_id, title, body, visible_from)
				VALUES (${randomUUID()}, ${agency()}, ${title}, '', now() - make_interval(days => ${days}))`;
		const titles = async (sort: string) =>
			(await listAnnouncements(deps())(admin, announcementsView.parse({ sort }))).rows.map(
				({ title }) => title
			);
		expect(await titles('title')).toEqual(['ants', 'Bees', 'Cats']);
		expect(await titles('from')).toEqual(['Bees', 'Cats', 'ants']);
		expect(await titles('?')).toEqual(['ants', 'Cats', 'Bees']);
		for (const [to, attempts] of [
			['b@x.test', 9],
			['a@x.test', 2]
		] as const)
			await database.owner`INSERT INTO mail (id, agency_id, about, recipient, subject, body, failed_at, attempts)
				VALUES (${randomUUID()}, ${agency()}, ${to}, ${to}, 'Hello', '', now(), ${attempts})`;
		const mails = async (sort: string) =>
			(await listFailedMails(deps())(admin, failedMailsView.parse({ sort }))).rows.map(
				({ recipient }) => recipient[0]
			);
		expect(await mails('to')).toEqual(['a', 'b']);
		expect(await mails('-tried')).toEqual(['b', 'a']);
	});

	it('sort roles by name and by what they hold', async () => {
		const first = async (sort: 'usual' | 'name' | '-permissions' | 'permissions') =>
			(await readRoles(deps())(admin, sort)).roles[0]!.name;
		expect(await first('usual')).toBe('Super Admin');
		expect(await first('name')).toBe('Admin');
		expect(await first('permissions')).not.toBe('Super Admin');
	});
});
