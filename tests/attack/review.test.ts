import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { AppError } from '#domain/errors.ts';
import { commentParts } from '#domain/review.ts';
import { commentInput } from '#server/usecases/review/add-comment.ts';
import { readChosen } from '#server/usecases/erasures/chosen-recordings.ts';
import { eraseRecording } from '#server/usecases/retention/erase-recording.ts';
import { decideInput } from '#server/usecases/review/decide-review.ts';
import { reviewFilters } from '#server/usecases/review/review-filters.ts';
import { NO_ORIGIN, signInStaff, type Impersonated } from '#support/impersonate.ts';
import { ReviewWorld } from '#support/review-world.ts';

let desk: ReviewWorld;
let stay: Impersonated;
let sofia: StaffActor;
let stranger: StaffActor;
/** The one recorded, who may review others. */
let recorded: StaffActor;

const refusal = (code: string) => expect.objectContaining({ code }) as AppError;
const of = () => ({ impersonationId: stay.impersonationId });
const FINE = decideInput.parse({ verdict: 'fine' });
const HELLO = commentInput.parse({ at: '1', body: 'Hello' });

beforeAll(async () => {
	desk = await ReviewWorld.open();
	const { north, south } = desk.world.agencies;
	stay = await desk.ended(north, ['order.placed']);
	await desk.review.assessEnded();
	sofia = await desk.world.supervisor(north);
	stranger = await desk.world.supervisor(south);
	recorded = await signInStaff(desk.world.database.db, north.agencyId, north.staff.manager);
});
afterAll(() => desk.world.close());

/** Every door to a review, as this person. */
const doors = (actor: StaffActor) => ({
	read: () => desk.review.read(actor, of()),
	next: () => desk.review.next(actor, of()),
	readNotes: () => desk.review.readNotes(actor, of()),
	decide: () => desk.review.decide(actor, { ...FINE, ...of() }, NO_ORIGIN),
	assign: () => desk.review.assign(actor, { ...of(), to: actor.staffId }, NO_ORIGIN),
	addComment: () => desk.review.addComment(actor, { ...HELLO, ...of() }, NO_ORIGIN),
	removeComment: () => desk.review.removeComment(actor, { ...of(), id: randomUUID() }, NO_ORIGIN),
	bookmark: () => desk.review.bookmark(actor, { ...of(), at: 1, label: '' }, NO_ORIGIN)
});
const NAMES = Object.keys(doors({} as StaffActor)) as (keyof ReturnType<typeof doors>)[];

describe.each(NAMES)('%s', (name) => {
	it('answers another agency’s reviewer as if there were no such recording', async () => {
		if (name === 'next') return expect(await doors(stranger).next()).toBeNull();
		await expect(doors(stranger)[name]()).rejects.toEqual(refusal('not_found'));
	});

	it('refuses whoever may not review, a link to a moment included', async () => {
		await expect(doors(recorded)[name]()).rejects.toEqual(refusal('not_allowed'));
	});
});

describe('somebody who may review and is the one recorded', () => {
	beforeAll(() =>
		desk.run(sql`UPDATE staff SET granted = granted || ARRAY['review'] WHERE id = ${recorded.staffId}`)
	);

	it('judges and hands over nothing of themselves, and the try stands in the log', async () => {
		await desk.open(recorded, stay);
		await expect(doors(recorded).decide()).rejects.toEqual(refusal('not_allowed'));
		await expect(doors(recorded).assign()).rejects.toEqual(refusal('not_allowed'));
		const to = sofia.staffId;
		await expect(desk.review.assign(recorded, { ...of(), to }, NO_ORIGIN)).rejects.toEqual(
			refusal('not_allowed')
		);
		const rows =
			await desk.run(sql`SELECT action FROM action WHERE outcome = 'refused' AND refusal = 'not_allowed'
			AND actor_staff_id = ${recorded.staffId} AND action LIKE 'review.%'`);
		expect(rows.length).toBeGreaterThanOrEqual(3);
		expect((await desk.review.read(sofia, of())).review?.verdict).toBeNull();
	});

	it('is given nothing of themselves by others either, and the database would not keep it', async () => {
		const assign = (to: string) => desk.review.assign(sofia, { ...of(), to }, NO_ORIGIN);
		await expect(assign(recorded.staffId)).rejects.toEqual(refusal('invalid'));
		await expect(assign(stranger.staffId)).rejects.toEqual(refusal('invalid'));
		await expect(assign(randomUUID())).rejects.toEqual(refusal('invalid'));
		await expect(
			desk.run(sql`UPDATE review SET verdict = 'fine', reviewed_at = now(), reviewed_by = ${recorded.staffId}
				WHERE impersonation_id = ${stay.impersonationId}`)
		).rejects.toThrow();
		expect(await desk.review.next(recorded, { impersonationId: randomUUID() })).toBeNull();
	});
});

it('whoever had control was inside, too: they judge, hand over, let go of and erase nothing of it', async () => {
	const { north } = desk.world.agencies;
	const other = await desk.ended(north, ['order.placed']);
	await desk.review.assessEnded();
	const admin = await signInStaff(desk.world.database.db, north.agencyId, north.staff.admin);
	await desk.run(sql`INSERT INTO control_holder (impersonation_id, staff_id)
		VALUES (${other.impersonationId}, ${admin.staffId})`);
	await desk.open(admin, other);
	const which = { impersonationId: other.impersonationId };
	const refused = refusal('not_allowed');
	await expect(desk.review.decide(admin, { ...FINE, ...which }, NO_ORIGIN)).rejects.toEqual(refused);
	const to = sofia.staffId;
	await expect(desk.review.assign(admin, { ...which, to }, NO_ORIGIN)).rejects.toEqual(refused);
	await expect(desk.review.assign(sofia, { ...which, to: admin.staffId }, NO_ORIGIN)).rejects.toEqual(
		refusal('invalid')
	);
	await expect(
		desk.review.hold(admin, { what: 'release', ids: [other.impersonationId], reason: 'No more' }, NO_ORIGIN)
	).rejects.toEqual(refused);
	expect(await desk.review.read(admin, which)).toMatchObject({ isOwn: true });
	const erase = eraseRecording({ ...desk.world.kit, db: desk.world.database.db });
	await expect(
		erase(admin, { ...which, reason: 'Not needed', name: 'North Assigned' }, NO_ORIGIN)
	).rejects.toEqual(refused);
	const [chosen] = await readChosen(desk.world.database.db, admin, `?ids=${other.impersonationId}`);
	expect(chosen?.fate).toBe('own');
});

it('tells nobody of another agency, whatever is written', async () => {
	const body = '@South supervisor and @South admin and @North supervisor, look';
	const told = await desk.review.addComment(
		sofia,
		{ ...commentInput.parse({ at: 1, body }), ...of() },
		NO_ORIGIN
	);
	expect(told).toEqual([]);
	expect(await desk.told('recording.commented', stranger.staffId)).toEqual([]);
});

it('tells nobody who lost the right to review before they are told', async () => {
	const { north } = desk.world.agencies;
	const body = '@North admin, see';
	await desk.review.addComment(sofia, { ...commentInput.parse({ at: 1, body }), ...of() }, NO_ORIGIN);
	await desk.run(sql`UPDATE staff SET withdrawn = ARRAY['review'] WHERE id = ${north.staff.admin}`);
	expect(await desk.told('recording.commented', north.staff.admin)).toEqual([]);
});

it('answers no comment of another recording, and takes no place outside of the screen', async () => {
	const other = await desk.ended(desk.world.agencies.south);
	await desk.review.addComment(stranger, { ...HELLO, impersonationId: other.impersonationId }, NO_ORIGIN);
	const [theirs] = (await desk.review.readNotes(stranger, { impersonationId: other.impersonationId }))
		.comments;
	await expect(
		desk.review.addComment(sofia, { ...HELLO, parent: theirs!.id, ...of() }, NO_ORIGIN)
	).rejects.toEqual(refusal('not_found'));
	expect(commentInput.parse({ at: '-5', x: '7', y: 'NaN', body: 'x' })).toMatchObject({
		at: 0,
		x: undefined,
		y: undefined
	});
	expect(commentInput.safeParse({ at: 0, body: 'x'.repeat(2_001) }).success).toBe(false);
});

it('keeps markup in a comment as what was typed; what draws it knows no markup', async () => {
	const text = '<img src=x onerror="alert(1)"> @<b>Al</b> & “you”';
	await desk.review.addComment(sofia, { ...commentInput.parse({ at: 1, body: text }), ...of() }, NO_ORIGIN);
	const { comments } = await desk.review.readNotes(sofia, of());
	expect(comments.at(-1)!.body).toBe(text);
	const parts = commentParts(text, ['<b>Al</b>']);
	expect(parts.map((part) => part.text).join('')).toBe(text);
	const folder = path.join(process.cwd(), 'src/routes/agency/recordings/[id]');
	const components = readdirSync(folder).filter((name) => name.endsWith('.svelte'));
	for (const name of components)
		expect(readFileSync(path.join(folder, name), 'utf8'), name).not.toContain('{@html');
});

it('finds nothing of another agency by its ids', async () => {
	const client = desk.world.agencies.north.clients.assigned.clientId;
	const { rows, clients } = await desk.review.list(stranger, reviewFilters.parse({ client }));
	expect(rows).toEqual([]);
	expect(clients.map(({ id }) => id)).not.toContain(client);
});
