// A receipt of somebody else's session, mails that tell the client, and what a closing note may carry.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '#domain/actor.ts';
import { composeReceipt } from '#server/compose/receipt.ts';
import type { Parts } from '#server/compose/parts.ts';
import { renderMail } from '#server/usecases/notices/mail-page.ts';
import { mailOwners } from '#server/usecases/notices/mail-owners.ts';
import { NO_ORIGIN, testIds } from '#support/impersonate.ts';
import { openPeopleWorld, type PeopleWorld } from '#support/people-world.ts';

let world: PeopleWorld;
let receipt: ReturnType<typeof composeReceipt>;
let inside: Awaited<ReturnType<PeopleWorld['inside']>>;
let named: { clientId: string; id: string };

const put = async (heldFor: string | null, of = named.clientId) => {
	const id = randomUUID();
	await world.db
		.execute(sql`INSERT INTO mail (id, agency_id, client_id, about, recipient, subject, body, held_for)
		VALUES (${id}, ${inside.staff.agencyId}, ${of}, ${id}, 'bea@example.test', 'Something changed', 'It did.', ${heldFor})`);
	return id;
};
const each = (actor: StaffActor, mailId: string) => [
	() => receipt.writeNote(actor, { ...named, note: 'Mine now' }, NO_ORIGIN),
	() => receipt.sendMail(actor, { ...named, mailId }, NO_ORIGIN),
	() => receipt.cancelMail(actor, { ...named, mailId }, NO_ORIGIN)
];
const untouched = async (mailId: string) => {
	const [row] = await world.db.execute(
		sql`SELECT released_at, cancelled_at, body FROM mail WHERE id = ${mailId}`
	);
	return row;
};

beforeAll(async () => {
	world = await openPeopleWorld();
	const parts = { db: world.db, act: world.kit.act, ids: testIds, log: { error: () => undefined } };
	receipt = composeReceipt(
		parts as unknown as Parts,
		{ tasks: {}, files: {}, subscriptions: {} } as unknown as Parameters<typeof composeReceipt>[1]
	);
	inside = await world.inside('act');
	await inside.end();
	named = { clientId: inside.actor.clientId, id: inside.impersonationId };
});

describe('somebody else’s receipt', () => {
	it('is not read by a colleague who does not review, nor by another agency, nor under another client', async () => {
		const strangers = [await world.staff('assignee'), await world.staff('superAdmin', 'south')];
		for (const stranger of strangers)
			await expect(receipt.read(stranger, named)).rejects.toMatchObject({ code: 'not_found' });
		const { clientId } = world.both.north.clients.unassigned;
		await expect(receipt.read(inside.staff, { ...named, clientId })).rejects.toMatchObject({
			code: 'not_found'
		});
		await expect(receipt.read(inside.staff, { ...named, id: "' OR true --" })).rejects.toMatchObject({
			code: 'not_found'
		});
	});

	it('is read by who reviews, and neither written, undone nor decided on by them: tried, it stands in the log', async () => {
		const reviewer = await world.staff('supervisor');
		const mail = await put(named.id);
		expect(await receipt.read(reviewer, named)).toMatchObject({
			isOwn: false,
			mayNoteUntil: null,
			mayUndoUntil: null
		});
		for (const attempt of each(reviewer, mail)) {
			await expect(attempt()).rejects.toMatchObject({ code: 'not_allowed' });
			expect(await world.lastAction()).toMatchObject({
				outcome: 'refused',
				actor_staff_id: reviewer.staffId
			});
		}
		await expect(receipt.undo(reviewer, { ...named, seq: '1' }, NO_ORIGIN)).rejects.toMatchObject({
			code: 'not_allowed'
		});
		expect(await untouched(mail)).toMatchObject({ released_at: null, cancelled_at: null, body: 'It did.' });
	});

	it('is not written by another agency, nor by a session that was signed out', async () => {
		const mail = await put(named.id);
		for (const attempt of each(await world.staff('superAdmin', 'south'), mail))
			await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
		for (const attempt of each({ ...inside.staff, sessionId: randomUUID() }, mail))
			await expect(attempt()).rejects.toMatchObject({ code: 'not_signed_in' });
		expect(await untouched(mail)).toMatchObject({ released_at: null, cancelled_at: null });
	});
});

describe('a mail', () => {
	it('that tells the client is not cancelled by its id, and trying is logged', async () => {
		const telling = await put(null);
		await expect(
			receipt.cancelMail(inside.staff, { ...named, mailId: telling }, NO_ORIGIN)
		).rejects.toMatchObject({ code: 'not_allowed' });
		expect(await world.lastAction()).toMatchObject({ action: 'mail.cancelled', outcome: 'refused' });
		expect(await untouched(telling)).toMatchObject({ cancelled_at: null, body: 'It did.' });
	});

	it('of another receipt or client is none of this one', async () => {
		const other = await world.inside('act');
		await other.end();
		const { clientId } = world.both.north.clients.unassigned;
		for (const mailId of [await put(other.impersonationId), await put(null, clientId), randomUUID(), 'x'])
			await expect(receipt.cancelMail(inside.staff, { ...named, mailId }, NO_ORIGIN)).rejects.toMatchObject({
				code: 'not_found'
			});
	});

	it('cannot be let go or cancelled without having been held, whoever writes the row', async () => {
		const telling = await put(null);
		await expect(
			world.db.execute(sql`UPDATE mail SET cancelled_at = now() WHERE id = ${telling}`)
		).rejects.toThrow();
	});
});

it('a closing note is text wherever it is read', async () => {
	const html = '<img src=x onerror="alert(1)"></p><script>alert(2)</script>';
	await receipt.writeNote(inside.staff, { ...named, note: html, forClient: 'on' }, NO_ORIGIN);
	expect((await receipt.read(inside.staff, named)).note).toMatchObject({ text: html });
	await world.db.execute(sql`UPDATE impersonation
		SET started_at = date_trunc('day', (now() - interval '2 hours') AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '12 hours'
		WHERE id = ${named.id}`);
	await mailOwners({ db: world.db, ids: testIds, portalOrigin: 'http://portal.localhost' })();
	const [mail] = await world.db.execute<{ body: string; subject: string }>(
		sql`SELECT body, subject FROM mail WHERE about LIKE 'daily:%'`
	);
	expect(mail!.body).toContain(html);
	const page = renderMail({ agency: 'North', accent: null, ...mail!, link: null }).html;
	expect(page).not.toMatch(/<img|<script/);
});
