// Every route × every kind of actor × (own, another client's, another agency's, hidden): the answer is in the table.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AREAS, type AreaKey } from '#domain/portal-elements.ts';
import type { HttpPerson } from '#support/http-person.ts';
import { startLiveServer, type LiveServer } from '#support/live-server.ts';
import {
	AGENCY_ACTORS,
	PORTAL_ACTORS,
	type RecordKind,
	type PortalActorName,
	type Row,
	type Variant
} from '#support/route-expectations.ts';
import { readRouteFiles, type RouteFile } from '#support/route-files.ts';
import { openRouteWorld, type RouteWorld } from '#support/route-world.ts';
import { PORTAL_FORMS, type FilledForm } from './portal-forms.ts';
import { AGENCY, PORTAL, REPLAY } from './route-table.ts';

const routes = readRouteFiles();
const of = (side: RouteFile['side']) => routes.filter((route) => route.side === side);
const rows = { agency: AGENCY, portal: PORTAL, replay: REPLAY };
const VARIANTS: Variant[] = ['own', 'other', 'foreign', 'hidden', 'inactive', 'mixed'];

/** As each stood at the beginning: a way out takes cookies away, and the next route asks as if it had not. */
const cookies = new Map<HttpPerson, Record<string, string>>();

let server: LiveServer;
let world: RouteWorld;

beforeAll(async () => {
	server = await startLiveServer();
	world = await openRouteWorld(server);
	for (const person of [...Object.values(world.portal), ...Object.values(world.agency)])
		cookies.set(person, {
			[server.portal]: person.cookies(server.portal),
			[server.agency]: person.cookies(server.agency)
		});
});
afterAll(() => server.close());
// Two minutes without a beat end an impersonation, and the table is long.
beforeEach(() => world.keepAlive());

const variantAt = (variant: Variant, position: number): Variant =>
	variant !== 'mixed' ? variant : position === 0 ? 'own' : 'other';

/** "{task}": the id of Bluebird's. */
const withIds = (text: string): string =>
	text.replaceAll(/\{(\w+)\}/g, (_whole, kind: string) => world.idOf(kind as RecordKind, 'own') ?? '');
const queryOf = (row: Row<never>): string => withIds(row.query ?? '');

/** The path with its parameters filled in, or null where there are no such records. */
function pathOf(route: string, row: Row<never>, variant: Variant): string | null {
	if (variant === 'mixed' && row.records.length < 2) return null;
	let position = -1;
	let isWhole = true;
	const path = route.replaceAll(/\[(?:\.\.\.)?(\w+)\]/g, (_whole, name: string) => {
		const fixed = row.fixed?.[name];
		if (fixed !== undefined) return fixed;
		position += 1;
		const kind = row.records[position];
		const id = kind && world.idOf(kind, variantAt(variant, position));
		isWhole &&= Boolean(id);
		return id ?? '';
	});
	return isWhole ? path : null;
}

type Asked<A extends string> = { actor: A; person: HttpPerson; origin: string };

async function differences<A extends string>(
	route: string,
	row: Row<A>,
	actors: Asked<A>[]
): Promise<string[]> {
	const wrong: string[] = [];
	for (const variant of row.records.length > 0 ? VARIANTS : (['own'] as Variant[])) {
		const path = pathOf(route, row as Row<never>, variant);
		if (path === null) continue;
		const query = queryOf(row as Row<never>);
		// Without the record that it asks for, the page is another one.
		if (query.endsWith('=')) continue;
		const address = path + query;
		for (const { actor, person, origin } of actors) {
			const wanted = row.expect(actor, variant);
			const cookie = cookies.get(person)?.[origin] ?? '';
			const { status } = await person.ask(origin + address, { cookie });
			if (status !== wanted) wrong.push(`${actor}, ${variant}: ${status} and not ${wanted}`);
		}
	}
	return wrong;
}

describe.each(['agency', 'portal', 'replay'] as const)('the table of the %s host', (side) => {
	it('has a row for every route, and no row without one', () => {
		const known = Object.keys(rows[side]).toSorted();
		const there = [...new Set(of(side).map((route) => route.route))].toSorted();
		const hint = `Add a row to tests/attack/route-table.ts for: `;
		expect(hint + there.filter((route) => !known.includes(route)).join(', ')).toBe(hint);
		expect(known.filter((route) => !there.includes(route))).toEqual([]);
	});
});

describe('the portal host', () => {
	it.each(Object.entries(PORTAL))('%s', async (route, row) => {
		const actors = PORTAL_ACTORS.map((actor) => ({
			actor,
			person: world.portal[actor],
			origin: server.portal
		}));
		expect((await differences(route, row, actors)).join('\n')).toBe('');
	});
});

describe('the agency host', () => {
	it.each(Object.entries(AGENCY))('%s', async (route, row) => {
		const actors = AGENCY_ACTORS.map((actor) => ({
			actor,
			person: world.agency[actor],
			origin: server.agency
		}));
		expect((await differences(route, row, actors)).join('\n')).toBe('');
	});
});

describe('an area of the portal', () => {
	const READERS = ['owner', 'inside, view', 'inside, act'] as const;
	const routesOf = (area: AreaKey) =>
		Object.entries(PORTAL).filter(
			([route]) => route === AREAS[area].href || route.startsWith(`${AREAS[area].href}/`)
		);
	const setUp = (setup: object) =>
		server.composed.parts.db.execute(
			sql`UPDATE client SET portal_setup = ${JSON.stringify(setup)}::jsonb WHERE id = ${world.idOf('client', 'own')}`
		);
	const answers = async (area: AreaKey) => {
		const found: string[] = [];
		for (const [route, row] of routesOf(area)) {
			const path = pathOf(route, row as Row<never>, 'own');
			if (path === null || row.expect('owner', 'own') === 405) continue;
			for (const reader of READERS) {
				const cookie = cookies.get(world.portal[reader])?.[server.portal] ?? '';
				const { status } = await world.portal[reader].ask(server.portal + path + queryOf(row as Row<never>), {
					cookie
				});
				found.push(`${route}, ${reader}: ${status}`);
			}
		}
		return found;
	};
	const areas = Object.keys(AREAS) as AreaKey[];

	it.each(areas.filter((area) => AREAS[area].mayHide))(
		'%s, hidden, has no page for anybody',
		async (area) => {
			await setUp({ [area]: { hidden: true } });
			try {
				const found = await answers(area);
				expect(found.length).toBeGreaterThanOrEqual(READERS.length);
				expect(found.filter((one) => !one.endsWith(': 404'))).toEqual([]);
			} finally {
				await setUp({});
			}
		}
	);

	it.each(areas.filter((area) => !AREAS[area].mayHide && area !== 'home'))(
		'%s stays, though a set-up hides it',
		async (area) => {
			await setUp({ [area]: { hidden: true } });
			try {
				expect((await answers(area)).filter((one) => !one.endsWith(': 200'))).toEqual([]);
			} finally {
				await setUp({});
			}
		}
	);
});

describe('the replay host', () => {
	it.each(Object.entries(REPLAY))(
		'%s is the same for everybody, and sets no cookie',
		async (route, status) => {
			for (const person of [...Object.values(world.agency), ...Object.values(world.portal)]) {
				const answer = await person.ask(server.replay + route);
				expect(answer.status).toBe(status);
				expect(answer.headers['set-cookie']).toBeUndefined();
			}
		}
	);
});

/** Named actions and endpoints that change something, each posted with an empty form. */
const postings = (side: 'agency' | 'portal') =>
	of(side).flatMap(({ route, actions, methods, kind }) => [
		// A page with one action alone is posted to by its address.
		...actions.map((action) => ({ route, post: action === 'default' ? '' : `?/${action}` })),
		...(kind === 'endpoint' && methods.includes('POST') ? [{ route, post: '' }] : [])
	]);

/** What somebody did; that so many refused attempts raise an alert is the system's own row. */
const changes = async (where: ReturnType<typeof sql>) => {
	const rows = await server.composed.parts.db.execute<{ action: string }>(
		sql`SELECT action FROM action WHERE outcome = 'done' AND actor_kind <> 'system' AND ${where} ORDER BY seq`
	);
	return rows.map((row) => row.action);
};

describe('what changes something', () => {
	const WAYS_OUT = ['/enter', '/switch-back', '/sign-out', '/impersonation/mode'];
	/** Nobody who is inside gets as far as their forms: they are led back in. */
	const BEFORE_SIGN_IN = /^\/(login|forgot|invitation|confirm-email)\b/;

	/** Of the portal's inside, each with its filled-in form. */
	const filled = () =>
		postings('portal')
			.filter(({ route }) => !WAYS_OUT.includes(route) && !BEFORE_SIGN_IN.test(route))
			.map(({ route, post }) => ({ name: route + post, route, post, form: PORTAL_FORMS[route + post] }));
	const readMarks = async () => {
		const rows = await server.composed.parts.db.execute(
			sql`SELECT (SELECT count(*) FROM notice WHERE read_at IS NOT NULL) AS notices,
				(SELECT count(*) FROM thread_read) AS threads, (SELECT max(read_at)::text FROM thread_read) AS "lastRead"`
		);
		return [...rows];
	};
	const refusals = async () => {
		const [row] = await server.composed.parts.db.execute<{ n: number; last: string | null }>(sql`
			SELECT count(*)::int AS n, (array_agg(refusal ORDER BY seq DESC))[1] AS last FROM action
			WHERE outcome = 'refused' AND impersonation_id = ${world.viewImpersonation}`);
		return row!;
	};

	it('has a filled-in form for every action of the portal, and no form without one', () => {
		const hint = 'Add a line to tests/attack/portal-forms.ts for: ';
		const without = filled().filter(({ form }) => !form);
		expect(hint + without.map(({ name }) => name).join(', ')).toBe(hint);
		const names = new Set(filled().map(({ name }) => name));
		expect(Object.keys(PORTAL_FORMS).filter((name) => !names.has(name))).toEqual([]);
	});

	it('in the portal is refused by the gate in view mode and logged, whatever is posted', async () => {
		const before = [await changes(sql`impersonation_id = ${world.viewImpersonation}`), await readMarks()];
		const wrong: string[] = [];
		const viewer = world.portal['inside, view'];
		for (const { name, route, post, form } of filled()) {
			const row = PORTAL[route] as Row<never>;
			const path = pathOf(route, row, 'own');
			if (!form || !path) continue;
			const counted = await refusals();
			const query = queryOf(row);
			const fields = Object.entries(form.fields).map(([key, value]) => [key, withIds(value)]);
			const answer = await viewer.ask(server.portal + path + (post ? post + query.replace('?', '&') : ''), {
				form: Object.fromEntries(fields) as Record<string, string>,
				cookie: cookies.get(viewer)?.[server.portal] ?? '',
				headers: { 'x-switchback-page': world.viewTicket, ...form.headers }
			});
			const now = await refusals();
			const said = `${name}: ${answer.status} ${answer.refusal ?? ''} ${now.n - counted.n} ${now.last ?? ''}`;
			const wanted = form.isForbidden ? 'forbidden' : 'view_only';
			const isRefused = answer.status === 403 && answer.refusal === wanted;
			const isLogged = form.isUnlogged ? now.n === counted.n : now.n === counted.n + 1 && now.last === wanted;
			if (form.isReading ? answer.refusal : !isRefused || !isLogged) wrong.push(said);
		}
		expect(wrong.join('\n')).toBe('');
		expect([await changes(sql`impersonation_id = ${world.viewImpersonation}`), await readMarks()]).toEqual(
			before
		);
	});

	/** Whose a form is: a record of Bluebird's in its address or among its fields. The catalogue is every client's. */
	const namesRecord = (row: Row<never>, form: FilledForm): boolean =>
		row.records.some((kind) => kind !== 'service') ||
		/\{(?!service\})\w+\}/.test(Object.values(form.fields).join(' '));
	const STRANGERS: Record<string, (row: Row<PortalActorName>, form: FilledForm) => boolean> = {
		'without right': (row) => row.expect('without right', 'own') === 404,
		'other client': (row, form) => namesRecord(row as Row<never>, form),
		'other agency': (row, form) => namesRecord(row as Row<never>, form),
		inactive: () => true,
		'of an inactive client': () => true
	};

	it.each(Object.keys(STRANGERS) as PortalActorName[])(
		'in the portal is refused to “%s”, with every field filled in, and nothing changes',
		async (actor) => {
			const before = [await changes(sql`actor_kind = 'client'`), await readMarks()];
			const wrong: string[] = [];
			let asked = 0;
			for (const { name, route, post, form } of filled()) {
				const row = PORTAL[route];
				const path = row && pathOf(route, row as Row<never>, 'own');
				if (!form || !path || !STRANGERS[actor]?.(row, form)) continue;
				asked += 1;
				const query = queryOf(row as Row<never>);
				const fields = Object.entries(form.fields).map(([key, value]) => [key, withIds(value)]);
				const answer = await world.portal[actor].ask(
					server.portal + path + (post ? post + query.replace('?', '&') : ''),
					{
						form: Object.fromEntries(fields) as Record<string, string>,
						cookie: cookies.get(world.portal[actor])?.[server.portal] ?? '',
						...(form.headers && { headers: form.headers })
					}
				);
				const isSentAway = answer.status === 303 && answer.location?.startsWith('/login');
				const isRefused = answer.status === 403 || answer.status === 404;
				if (!isSentAway && !isRefused) wrong.push(`${name}: ${answer.status} ${answer.location ?? ''}`);
			}
			expect(wrong.join('\n')).toBe('');
			expect(asked).toBeGreaterThan(10);
			expect([await changes(sql`actor_kind = 'client'`), await readMarks()]).toEqual(before);
		}
	);

	it.each(['portal', 'agency'] as const)('on the %s host is never done by nobody', async (side) => {
		const before = await changes(sql`true`);
		const done: string[] = [];
		const origin = server[side];
		for (const { route, post } of postings(side)) {
			const row = rows[side][route] as Row<never> | undefined;
			const path = row && pathOf(route, row, 'own');
			if (!path) continue;
			const query = queryOf(row);
			if (query.endsWith('=')) continue;
			const address = path + (post ? post + query.replace('?', '&') : '');
			const form = side === 'portal' ? (PORTAL_FORMS[route + post]?.fields ?? {}) : {};
			const answer = await world[side].nobody.ask(origin + address, { form });
			const isSentAway = answer.status === 303 && /\/(login|clients)\b/.test(answer.location ?? '');
			if (!isSentAway && (answer.status < 400 || answer.status >= 500))
				done.push(`${route}${post}: ${answer.status} ${answer.location ?? ''}`);
		}
		expect(done.join('\n')).toBe('');
		expect(await changes(sql`true`)).toEqual(before);
	});
});
